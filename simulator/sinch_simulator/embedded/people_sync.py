"""Shows calls, phones and rooms to synchronous tests, and lets people act: nothing is awaited.

Made from ``people_async.py`` by ``python -m sinch_simulator.embedded.make_sync_api``: change that file, then run this.
"""

from collections.abc import Callable
from typing import TypeVar

from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define
from sinch_simulator.embedded import blocking
from sinch_simulator.embedded.arguments import incoming_call, seconds_of
from sinch_simulator.embedded.loop_thread import Work
from sinch_simulator.embedded.phone_view import PhoneView
from sinch_simulator.embedded.session_view import SessionView
from sinch_simulator.embedded.texts_sync import Inbox
from sinch_simulator.embedded.views import CallView, ConferenceView, person_of
from sinch_simulator.embedded.wait_for import (
    CallWatch,
    condition_of,
    expect_invitation,
    meet_by_hand,
    wait_for_participants,
)

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")


@define(eq=False, repr=False)
class Call(CallView):
    """A call, seen from one end. What is done here is done by whoever is at that end."""

    @property
    def caller(self) -> "Call":
        """The same call from the caller's end."""
        return self._from("caller")

    @property
    def callee(self) -> "Call":
        """The same call from the callee's end."""
        return self._from("callee")

    def wait_for(
        self, what: str | Callable[["Call"], object], *, within: float = 60, earlier: bool = False, grace: float = 0
    ) -> "Call":
        """Lets time pass until it is so, for at most so many simulated seconds.

        ``what`` is ``prompt``, ``menu``, ``answered``, ``connected``, ``parked``, ``conference``, ``ended``, a text
        that this end is to hear (``/text/`` is a regular expression), or a function of the call. A call of Voice v2 is
        ``connected`` while it is in a bridge. A text counts when it is heard after what a person did last in
        this call (``press``, ``say``, ``hang_up``) and after what was expected last, with ``earlier`` also when it was
        heard before. ``grace`` is real seconds for the app's own threads and tasks, before time leaps and after each
        callback. Raises ``NotSeen``.
        """
        watch = CallWatch(self._application, self.id, self.leg, seconds_of(grace, 0, 0))
        if callable(what):
            self._seen = self._run(watch.wait_until(condition_of(what, self), within))
        else:
            self._seen = self._run(watch.wait_for(what, within, earlier))
        return self

    def expect(self, text: str, *, within: float = 60, earlier: bool = False) -> "Call":
        """Lets time pass until this end hears the text, and looks only at what comes after it from then on.

        It counts when it is heard as ``wait_for`` says. Raises ``NotSeen``.
        """
        self._run(CallWatch(self._application, self.id, self.leg).expect(text, within, earlier))
        return self

    def press(self, digits: str) -> "Call":
        """Presses keys of ``0-9 * #``; a ``w`` is a pause of 500 ms."""
        self._run(self._application.act(self.id, "press", digits=digits, leg=self.leg))
        return self

    def say(self, text: str) -> "Call":
        """Says something, for a menu that listens."""
        self._run(self._application.act(self.id, "speak", text=text, leg=self.leg))
        return self

    def hang_up(self) -> "Call":
        """Hangs up."""
        self._run(self._application.act(self.id, "hangup", leg=self.leg))
        return self

    def _run(self, work: Work[Result]) -> Result:
        return blocking.run(self._application, work)


class CallsByName(dict[str, Call]):
    """The calls of a session by name. A name that none has is a ``KeyError`` that says which there are."""

    def __missing__(self, name: str) -> Call:
        raise KeyError(f'no call has the name "{name}"; {suggestion(str(name), self) if self else "there is none yet"}')


@define(eq=False, repr=False)
class Session(SessionView):
    """A session of Voice v2."""

    @property
    def calls(self) -> dict[str, Call]:
        """Its calls by ``callName``, or by id without one, in the order in which they began; of one name the newest."""
        calls = [Call(self._application, call, person_of(call)) for call in self._calls()]
        return CallsByName({call.name or call.id: call for call in calls})

    @property
    def bridges(self) -> dict[str, list[Call]]:
        """Who is in each bridge now, by its name: all who are in one hear each other."""
        calls = {call.id: call for call in self.calls.values()}
        return {
            bridge["bridgeName"]: [calls[member["callId"]] for member in bridge["members"]]
            for bridge in self._now()["bridges"]
        }


@define(eq=False, repr=False)
class Phone(PhoneView):
    """Somebody at an address. Scripting takes effect at once; ``expect_call`` and ``dials`` let time pass."""

    @property
    def sms(self) -> Inbox:
        """The texts that have arrived here, oldest first."""
        return Inbox(self._application, self.address, "sms")

    @property
    def whatsapp(self) -> Inbox:
        """The WhatsApp messages that have arrived here, oldest first."""
        return Inbox(self._application, self.address, "whatsapp")

    def expect_call(self, *, within: float = 60) -> Call:
        """Lets time pass until the next call rings here, and gives it, seen from here. Raises ``NotSeen``."""
        work = expect_invitation(self._application, self, within)
        call, leg = blocking.run(self._application, work)
        return Call(self._application, call, leg)

    def answer(self, *, as_: str = "human", within: float = 60) -> Call:
        """Lets time pass until a call rings here, unless one does already, and picks up; gives it, seen from here.

        ``as_`` is ``human``, ``machine``, ``fax`` or ``silence``. Raises ``NotSeen`` when none rings within so many
        simulated seconds.
        """
        return self._meet("answer", as_, within)

    def decline(self, *, as_: str = "reject", within: float = 60) -> Call:
        """Lets time pass until a call rings here, unless one does already, and declines it: ``reject`` or ``busy``.

        Raises ``NotSeen`` when none rings within so many simulated seconds.
        """
        return self._meet("decline", as_, within)

    def _meet(self, what: str, as_: str, within: float) -> Call:
        work = meet_by_hand(self._application, self, what, as_, within)
        call, leg = blocking.run(self._application, work)
        return Call(self._application, call, leg)

    def dials(self, to: str | None = None, *, custom: str | None = None) -> Call:
        """Calls the application (its first number, if not said) and does what ``plays`` says."""
        settings = incoming_call(from_=self.address, to=to, custom=custom)
        call = blocking.run(self._application, self._application.dial(settings))
        return Call(self._application, call, "caller")


@define(eq=False, repr=False)
class Conference(ConferenceView):
    """A conference room by its id."""

    def wait_for(self, count: int, *, within: float = 60) -> "Conference":
        """Lets time pass until there are exactly so many participants. Raises ``NotSeen``."""
        blocking.run(self._application, wait_for_participants(self._application, self, count, within))
        return self
