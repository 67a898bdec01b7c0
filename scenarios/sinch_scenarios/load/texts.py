"""Plays people who are sent texts, or send them, and says what has become of each text."""

from collections.abc import Mapping, Sequence

from sinch_scenarios.language.model import Population
from sinch_scenarios.language.yaml_nodes import Json
from sinch_simulator.client.control import ApplicationClient
from sinch_simulator.client.errors import Refused
from sinch_simulator.core.values import frozen

LONGEST_TEXT_MS = 3 * 86_400_000
"""A text has three days to arrive (docs/platform/sms.md#4)."""
STEP_MS = 600_000
"""So long an app and people may answer each other before it is asked whether all texts have come to their end: a phone
and an app that both answer every text would go on for ever."""
_UNDER_WAY = ("Queued", "Dispatched")
TEXT_EVENTS = frozenset({"delivery_report_sms", "recipient_delivery_report_sms", "mo_text", "mo_binary", "incomingSms"})


@frozen
class Person:
    """Somebody who calls, or texts, from an address, or is called or texted there."""

    persona: Json
    address: str


def texts_of(population: Population) -> bool:
    """Tells whether it is texts that the people of a population get or send, not calls."""
    return population.batch is not None or population.text is not None


async def send_batch(
    application: ApplicationClient, batch: Mapping[str, Json], people: Sequence[Person]
) -> list[Refused]:
    """Sends a batch to all of these people, who behave like their personas; gives the refusal, once for each."""
    for person in people:
        if person.persona:
            assert isinstance(person.persona, Mapping), "people are put at their address by a persona"
            await application.script(person.address, person.persona)
    try:
        await application.send_batch({**batch, "to": [person.address for person in people]})
    except Refused as error:
        return [error] * len(people)
    return []


async def let_pass(application: ApplicationClient) -> None:
    """Lets time pass until no text is under way any more, for ten minutes at least."""
    for _ in range(LONGEST_TEXT_MS // STEP_MS + 1):
        await application.advance(STEP_MS)
        if not any(each["status"] in _UNDER_WAY for each in await application.messages(direction="outbound")):
            return


async def endings(application: ApplicationClient) -> tuple[tuple[str, str], ...]:
    """Gives status and code of each text to a phone, and of each text from one."""
    shown = await application.messages()
    return tuple(
        ("Received", "from phones") if each["direction"] == "inbound" else (each["status"], f"code {each['code']}")
        for each in shown
    )
