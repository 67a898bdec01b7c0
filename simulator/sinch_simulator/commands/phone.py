"""``sinch-simulator phone``: be the person at a phone of a simulator that runs."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

import click
from click.shell_completion import CompletionItem

from sinch_simulator.cli import Command
from sinch_simulator.commands.calls import SHORT_ID, table
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json

PERSONAS: dict[str, Json] = {
    "human": {"answer": {}},
    "by-hand": {"by_hand": {}},
    "busy": {"busy": {}},
    "reject": {"reject": {}},
    "no-answer": {"no_answer": {}},
    "unreachable": {"unreachable": {}},
    "congestion": {"congestion": {}},
    "voicemail": {"answer": {"as": "machine"}, "greeting": 6.0, "beep": True},
    "voicemail-without-beep": {"answer": {"as": "machine"}, "greeting": 6.0, "beep": False},
    "fax": {"answer": {"as": "fax"}},
    "silence": {"answer": {"as": "silence"}},
}
"""The words of ``phone ADDRESS is WORD``, with the persona that each stands for."""

_ADDRESS = re.compile(r"\+[0-9]+|\w[\w.=~-]*|[^@\s]+@[^@\s]+")
_PATTERN = re.compile(r"\S+")

ACTIONS = ("dial", "answer", "decline", "press", "say", "hang-up", "text", "is", "inbox")

Answer = tuple[Json, list[str]]
"""The JSON to print, or the lines."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a phone: at which address, the words after the action, and the flags."""

    address: str
    words: tuple[str, ...]
    to: str | None
    as_what: str | None

    def text(self, what: str) -> str:
        """The words as one text. Raises ``click.UsageError`` when there are none."""
        if not self.words:
            raise click.UsageError(f"{what} is missing")
        return " ".join(self.words)


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What may follow an action: a persona's word after ``is``."""
    words = PERSONAS if context.params.get("action") == "is" else ()
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


@click.command(cls=Command)
@click.argument("address")
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("words", nargs=-1, metavar="[WORDS]...", shell_complete=_complete)
@click.option("--to", metavar="NUMBER", help="To whom a text goes.  [default: the application's first number]")
@click.option(
    "--as", "as_what", metavar="WORD", help="Answer as human, machine, fax or silence; decline as busy or reject."
)
@of_a_running_simulator
def command(
    *,
    address: str,
    action: str,
    words: tuple[str, ...],
    to: str | None,
    as_what: str | None,
    url: str,
    key: str | None,
    as_json: bool,
) -> int:
    """Be the person at a phone of a running simulator.

    ADDRESS is a phone number, a user name or a SIP address. The actions:

    \b
      dial [TO]        call the application's number, or TO
      answer, decline  pick up a phone that rings by hand (`is by-hand`), or do not
      press KEYS       0-9 * #; a w is a pause of half a second
      say TEXT         to a menu that listens
      hang-up
      is PERSONA       who answers there from now on: human, by-hand, busy, reject,
                       no-answer, unreachable, congestion, voicemail, fax, silence,
                       or a persona as JSON
      text TEXT        send a text message, with --to NUMBER
      inbox            the texts and missed calls of this phone
    """
    if to is not None and action != "text":
        raise click.UsageError(f"--to is for text; `phone {address} dial TO` says who is called")
    if as_what is not None and action not in ("answer", "decline"):
        raise click.UsageError(f"--as is for answer and decline, not for {action}")
    if words and action in ("answer", "decline", "hang-up", "inbox"):
        raise click.UsageError(f"{action} takes nothing after it, got {' '.join(words)!r}")
    asked = Asked(_read_address(address, patterns=action == "is"), words, to, as_what)
    document, lines = in_running(url, key, lambda running: _ACTIONS[action](running, asked))
    if as_json:
        print_json(document)
    for line in [] if as_json else lines:
        click.echo(line)
    return 0


# ---- calls


async def _dial(running: Running, asked: Asked) -> Answer:
    if len(asked.words) > 1:
        raise click.UsageError(f"dial takes one number, got {' '.join(asked.words)!r}")
    body: Json = {"from": asked.address, "origin": _origin_of(asked.address)}
    if running.key is not None:
        body["application"] = running.key
    if asked.words:
        to = _read_address(asked.words[0])
        named = body["origin"] == "mxp" and not _is_number(to)
        body["to"] = {"type": "username", "endpoint": to} if named else to
    call = await running.client.ask("POST", "/_simulator/calls", body)
    return call, [f"{asked.address} calls {call['to'] or 'the application'}: call {call['callId'][:SHORT_ID]}"]


async def _answer(running: Running, asked: Asked) -> Answer:
    return await _meet(running, asked, "answer", "picks up")


async def _decline(running: Running, asked: Asked) -> Answer:
    return await _meet(running, asked, "decline", "declines")


async def _meet(running: Running, asked: Asked, what: str, told: str) -> Answer:
    call, leg = await _on_the_line(running, asked.address, "ringing")
    body = {"leg": leg} if asked.as_what is None else {"leg": leg, "as": asked.as_what}
    return await running.act(call["callId"], what, body), [f"{asked.address} {told}: call {call['callId'][:SHORT_ID]}"]


async def _press(running: Running, asked: Asked) -> Answer:
    keys = "".join(asked.words)
    if not keys:
        raise click.UsageError("KEYS is missing: 0-9 * #, and w for a pause")
    return await _act(running, asked.address, "press", {"digits": keys}, f"presses {keys}")


async def _say(running: Running, asked: Asked) -> Answer:
    text = asked.text("TEXT: what is said")
    return await _act(running, asked.address, "speak", {"text": text}, f'says "{text}"')


async def _hang_up(running: Running, asked: Asked) -> Answer:
    return await _act(running, asked.address, "hangup", {}, "hangs up")


async def _act(running: Running, address: str, what: str, body: Json, told: str) -> Answer:
    call, leg = await _on_the_line(running, address, "answered")
    before = {entry["seq"] for entry in call["timeline"]}
    call = await running.act(call["callId"], what, {**body, "leg": leg})
    in_vain = [each["text"] for each in call["timeline"] if each["kind"] == "ignored" and each["seq"] not in before]
    told = f"{address} {told}: call {call['callId'][:SHORT_ID]}"
    return call, [told, *(f"  {text}" for text in in_vain), *_heard(call, leg)]


def _heard(call: Json, leg: str) -> list[str]:
    """What this person has heard last."""
    heard = [text for each in call["legs"] if each["leg"] == leg for text in each["heard"]]
    return [f'  hears "{heard[-1]}"'] if heard else []


async def _on_the_line(running: Running, address: str, state: str) -> tuple[Json, str]:
    """The newest call in which this phone rings, or in which somebody has the receiver, and the leg that it is.

    A caller is on the line from the moment of dialling. Raises ``click.ClickException`` when there is no such call.
    """
    from sinch_simulator.phones.phonebook import normalised_address

    wanted = normalised_address(address)
    for call in reversed((await running.control("GET", "/calls", status="ONGOING"))["calls"]):
        for leg in call["legs"]:
            dialled = state == "answered" and leg["leg"] == "caller" and leg["state"] == "ringing"
            if normalised_address(leg["address"] or "") == wanted and (leg["state"] == state or dialled):
                return call, leg["leg"]
    if state == "ringing":
        right = f"`phone {address} is by-hand` lets it ring when it is called"
        raise click.ClickException(f"{address} does not ring; {right}")
    raise click.ClickException(f"{address} is in no call; `phone {address} dial` makes one")


# ---- what a phone is


async def _is(running: Running, asked: Asked) -> Answer:
    persona = read_persona_word(asked.text("PERSONA"))
    kept = await running.control("PUT", f"/phones/{quote(asked.address, safe='')}", persona)
    return kept, [f"{asked.address} is {json.dumps(kept, ensure_ascii=False)}"]


def read_persona_word(text: str) -> Json:
    """The persona that a word stands for, or that JSON describes. Raises ``click.UsageError``."""
    if text in PERSONAS:
        return PERSONAS[text]
    if text.lstrip().startswith("{"):
        try:
            persona: Json = json.loads(text)
        except ValueError as error:
            raise click.UsageError(f"PERSONA: this JSON cannot be read: {error}") from None
        return persona
    from sinch_simulator.core.schema.words import did_you_mean, shown

    right = did_you_mean(text.replace("_", "-"), PERSONAS) or f"expected {', '.join(PERSONAS)}, or a persona as JSON"
    raise click.UsageError(f"PERSONA: {shown(text)} is not known; {right}")


# ---- messages


async def _text(running: Running, asked: Asked) -> Answer:
    body: Json = {"from": asked.address, "text": asked.text("TEXT: what the message says")}
    if running.key is not None:
        body["application"] = running.key
    if asked.to is not None:
        body["to"] = asked.to
    message = await running.client.ask("POST", "/_simulator/messages", body)
    return message, [f"{asked.address} texts {message.get('to')}: message {message.get('id')}"]


async def _inbox(running: Running, asked: Asked) -> Answer:
    inbox = await running.control("GET", f"/phones/{quote(asked.address, safe='')}/inbox")
    rows = [_row(each["deliveredAt"], each["from"], each["text"] or "(binary)") for each in inbox["messages"]]
    rows += [_row(each["at"], each["cli"], f"(missed call, {each['seconds']} s)") for each in inbox["missedCalls"]]
    return inbox, table(sorted(rows)) if rows else [f"nothing has arrived at {asked.address}"]


def _row(at: str | None, sender: str | None, what: str) -> list[str]:
    return [(at or "")[11:19], sender or "?", what]


def _read_address(text: str, *, patterns: bool = False) -> str:
    """The address as the simulator keeps it: a number without its punctuation. Raises ``click.UsageError``."""
    from sinch_simulator.core.schema.words import shown
    from sinch_simulator.phones.phonebook import normalised_address

    address = normalised_address(text)
    right = _PATTERN if patterns and "*" in address else _ADDRESS
    if not right.fullmatch(address):
        meant = "a number (+46700000001), a user name (anna) or a SIP address (anna@example.com)"
        raise click.UsageError(f"{shown(text)} is no address of a phone; expected {meant}")
    return address


def _origin_of(address: str) -> str:
    if "@" in address:
        return "sip"
    return "pstn" if _is_number(address) or address == "private" else "mxp"


def _is_number(address: str) -> bool:
    return address.lstrip("+").isdigit()


_ACTIONS: dict[str, Callable[[Running, Asked], Awaitable[Answer]]] = {
    "dial": _dial,
    "answer": _answer,
    "decline": _decline,
    "press": _press,
    "say": _say,
    "hang-up": _hang_up,
    "is": _is,
    "text": _text,
    "inbox": _inbox,
}
