"""A population's world in this very process: reached without HTTP, so that the app is all that is pressed on.

What the app sees is the same: signed callbacks over its socket. Callouts are REST requests here too.
"""

from attrs import frozen

from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.worlds import LONGEST_CALL_MS, MOST_ADVANCES, Findings, Told, addressed, ending_told
from sinch_simulator.client.control import Lodger
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.events import Address, AddressKind
from sinch_simulator.products.voice.exchange import Incoming
from sinch_simulator.server.worlds import World


@frozen
class InnerRoom:
    """A world of a server of this process. Without ``callout`` people call in."""

    world: World
    lodger: Lodger
    callout: dict[str, Json] | None = None

    async def begin(self, persona: Json, address: str) -> None:
        """Somebody calls, or is called. Raises ``Refused``."""
        person = read_persona(persona)
        if self.callout is not None:
            self.world.simulation.phonebook.script(address, person)
            await self.lodger.call_out(addressed(self.callout, address))
            return
        dialled = Address(AddressKind.DID, self.lodger.number)
        incoming = Incoming(Origin.PSTN, address, dialled, base_url=self.lodger.client.url)
        self.world.simulation.dial(self.lodger.key, incoming, person)
        self.world.runner.wake()

    async def let_pass(self) -> None:
        """Let time pass until nothing is due any more, or the calls must be stuck."""
        for _ in range(MOST_ADVANCES):
            await self.world.runner.advance(LONGEST_CALL_MS)
            if self.world.simulation.next_due() is None:
                return

    async def findings(self, begun: int) -> Findings:
        """What happened to the ``begun`` calls."""
        records = self.world.callbacks.matching(lambda record: True)
        callbacks = tuple(
            Told(
                record.callback.event.value,
                record.attempt.outcome.value,
                record.attempt.latency_ms,
                ending_told(record.callback.body),
            )
            for record in records
        )
        diagnostics = tuple(
            (str(entry.fields["code"]), str(entry.fields["severity"]))
            for entry in self.world.simulation.journal.entries
            if entry.kind == "diagnostic"
        )
        enders = {record.callback.call_id for record in records if record.callback.event.value == "dice"}
        calls = [call for call in self.world.simulation.exchange.calls.values() if call.id not in enders]
        untold = tuple((call.ending.result, call.ending.reason) for call in calls if call.ending is not None)
        return Findings(callbacks, diagnostics, untold, stuck=len(calls) - len(untold))
