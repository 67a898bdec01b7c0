"""Says how people behave on the phone, for the awaited and the blocking API alike."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.verification_views import MissedCall, missed_calls_of
from sinch_simulator.phones.persona_document import persona_document
from sinch_simulator.phones.persona_json import PersonaError, read_persona
from sinch_simulator.phones.phonebook import normalised_address

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON, or goes out as such


CALLS, TEXTS, DATA = "calls", "texts", "data"
"""What a script of a phone can be about."""
_BESIDE = {
    "then": frozenset({CALLS}),
    "sms": frozenset({TEXTS}),
    "app": frozenset({CALLS, TEXTS}),
    "data": frozenset({DATA}),
}
"""What a persona has beside how it meets a call, and what that is about: an app reports texts and flash calls."""
_MEETINGS = {"unreachable": frozenset({CALLS, TEXTS})}
"""How a persona meets more than a call."""


@define(eq=False, repr=False)
class PhoneView:
    """Somebody at an address (a number, a pattern with ``*``, a user name, a SIP address), and how they behave."""

    _application: HostedApplication
    address: str
    _document: Json = field(init=False, factory=dict)
    _taken: int = field(init=False, default=0)
    """Up to which line of the journal ``expect_call`` has looked."""

    def answers(
        self,
        after: float = 2.0,
        *,
        as_: str = "human",
        greeting: float | None = None,
        beep: bool | None = None,
        amd: Mapping[str, object] | None = None,
    ) -> Self:
        """Picks up after so many seconds, ``as_`` ``human``, ``machine``, ``fax`` or ``silence``.

        ``greeting`` (seconds) and ``beep`` are a machine's; ``amd`` is what detection will say where that won't do.
        """
        sounds = {"greeting": greeting, "beep": beep, "amd": None if amd is None else dict(amd)}
        given = {name: value for name, value in sounds.items() if value is not None}
        return self._meets({"answer": {"after": after, "as": as_}, **given})

    def is_voicemail(self, *, after: float = 2.0, greeting: float = 6.0, beep: bool = True) -> Self:
        """Lets a machine pick up, speak for so many seconds, and beep."""
        return self.answers(after, as_="machine", greeting=greeting, beep=beep)

    def by_hand(self) -> Self:
        """Rings until ``answer`` or ``decline``, and does nothing by itself later."""
        return self._meets({"by_hand": {}})

    def is_busy(self, after: float = 1.0) -> Self:
        """Is busy."""
        return self._meets({"busy": {"after": after}})

    def rejects(self, after: float = 1.0) -> Self:
        """Declines the call."""
        return self._meets({"reject": {"after": after}})

    def does_not_answer(self) -> Self:
        """Rings until the other side gives up."""
        return self._meets({"no_answer": {}})

    def is_unreachable(self) -> Self:
        """Is switched off, or no such number; of a user name: one whom the platform does not know."""
        return self._meets({"unreachable": {}})

    def is_congested(self) -> Self:
        """Is where the network cannot reach."""
        return self._meets({"congestion": {}})

    def plays(self, *steps: Mapping[str, object]) -> Self:
        """Does this then, one step after the other, once it has answered or, calling itself, has dialled.

        Steps are ``{"wait": 1.5}``, ``{"press": "12#"}``, ``{"speak": "support"}``, ``{"hang_up": True}`` and
        ``{"wait_for": ...}`` with ``prompt``, ``menu``, ``beep``, ``connected`` or a text. They replace earlier ones.
        """
        self._document["then"] = [dict(step) if isinstance(step, Mapping) else step for step in steps]
        return self._script()

    def fails_texts(self, status: str = "Failed", *, code: int | None = None, after: float = 1.0) -> Self:
        """Gets no texts: their receipt, after so many seconds, says ``status`` with ``code``, or the usual code.

        ``status`` is ``Failed``, ``Rejected``, ``Deleted``, ``Expired``, ``Aborted`` or ``Unknown``
        (docs/platform/sms.md#6).
        """
        return self._takes_texts({"status": status, "after": after, **({} if code is None else {"code": code})})

    def never_gets_texts(self) -> Self:
        """Gets no texts, and no receipt comes."""
        return self._takes_texts({"never": True})

    def replies(self, text: str, *, after: float = 2.0) -> Self:
        """Answers each text with this, so many seconds after it was handed on, at the number that sent it."""
        return self._takes_texts({"reply": {"text": text, "after": after}})

    def app(self, *, reports: str = "right", after: float = 3.0, source: str = "manual") -> Self:
        """Has the customer's app on it, which reports what has arrived so many seconds later, as Sinch's SDK does.

        It reports a code, or the number of a flash call: ``right``, ``wrong``, or this text. With ``source``
        ``intercepted`` it declines a flash call in the moment in which it rings.
        """
        self._document["app"] = {"reports": reports, "after": after, "source": source}
        return self._script()

    def uses_data_of(self, sim: str) -> Self:
        """Has mobile data of its own SIM (``carrier``), of none (``wifi``), or of the SIM with another number."""
        self._document["data"] = sim
        return self._script()

    @property
    def missed_calls(self) -> list[MissedCall]:
        """The flash calls that it has missed, oldest first: each is there as soon as it has stopped ringing."""
        return missed_calls_of(self._application, self.address)

    def _takes_texts(self, texts: Json) -> Self:
        self._document["sms"] = texts
        return self._script()

    @property
    def persona(self) -> Json:
        """How whoever is at this address behaves, in the form of the control API."""
        self._application.check()
        return persona_document(self._application.world.simulation.phonebook.persona_for(self.address))

    def _meets(self, meeting: Json) -> Self:
        self._document = {**meeting, **{key: self._document[key] for key in _BESIDE if key in self._document}}
        return self._script()

    def _script(self) -> Self:
        self._application.check()
        try:
            persona = read_persona(self._document, f"phone({self.address!r})")
        except PersonaError as error:
            raise SimulatorError(str(error)) from None
        self._application.world.simulation.phonebook.script(self.address, persona)
        about = [_BESIDE.get(name) or _MEETINGS.get(name) or {CALLS} for name in self._document]
        self._application.scripted[self.address] = frozenset().union(*about)
        return self

    def ringing(self) -> tuple[Json, str] | None:
        """Finds the call that rings here now, and which end of it this is; None when none does."""
        for call in reversed(self._application.calls()):
            for leg in call["legs"]:
                if leg["state"] == "ringing" and leg["leg"] == "callee" and self._is_here(leg["address"] or ""):
                    return call, leg["leg"]
        return None

    def next_invitation(self) -> tuple[Json, str] | None:
        """Finds the next time since the last look that it was rung: the call, and which end of it rings."""
        for entry in [*self._application.world.simulation.journal.entries]:
            if entry.seq > self._taken and entry.subject is not None and self._is_rung(entry):
                try:
                    call = self._application.call(entry.subject)
                except SimulatorError:
                    continue  # another application of the same world called
                self._taken = entry.seq
                return call, entry.fields["leg"]
        return None

    def _is_rung(self, entry: Entry) -> bool:
        return entry.kind == "leg.invited" and self._is_here(entry.fields["to"]["endpoint"])

    def _is_here(self, address: str) -> bool:
        return is_at(self.address, address)

    if not TYPE_CHECKING:  # a type checker is to go on refusing names that a phone does not have

        def __getattr__(self, name: str) -> object:
            known = [each for each in dir(type(self)) if not each.startswith("_")]
            hint = "" if name.startswith("_") else f"; {suggestion(name, known)}"
            raise AttributeError(f"a phone has no {name!r}{hint}", name=name, obj=self)

    def __repr__(self) -> str:
        return f"<Phone {self.address}>"


def is_at(pattern: str, address: str) -> bool:
    """Tells whether an address is meant by one that was scripted, in which ``*`` stands for anything."""
    wanted = re.escape(normalised_address(pattern)).replace(r"\*", ".*")
    return re.fullmatch(wanted, normalised_address(address)) is not None
