"""Says in words what a call does not heed, and why: a key without a menu, an order about a call that is over."""

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.phones.signals import Answered, Beeped, Declined, DigitPressed, HungUp, Spoke
from sinch_simulator.products.voice.call import CallState
from sinch_simulator.products.voice.events import (
    Arrived,
    Commanded,
    Event,
    Kicked,
    Placed,
    RecordingDelivered,
    RecordingDue,
    RecordingUndelivered,
    RoomRecordingOver,
    Updated,
)

_WHAT: dict[type[Event], str] = {
    Placed: "the call is placed once more",
    Arrived: "the call comes in once more",
    Answered: "the pick-up changes nothing",
    Declined: "the refusal changes nothing",
    Spoke: "what is said does nothing",
    Beeped: "the beep changes nothing",
    HungUp: "the hang-up changes nothing",
    TimerFired: "a wait that runs out changes nothing",
    AppReplied: "the app's reply is not obeyed",
    AppFailed: "the app's failure changes nothing",
    Updated: "the app's change is not obeyed",
    Kicked: "the app's order to leave the conference is not obeyed",
    Commanded: "the app's order is not obeyed",
    RecordingDue: "nothing is left to do for the recording",
    RecordingDelivered: "nothing is left to do for the recording",
    RecordingUndelivered: "nothing is left to do for the recording",
    RoomRecordingOver: "nothing is left to do for the recording of the conference",
}
_WHY = {
    CallState.NEW: "the call has not begun",
    CallState.AWAITING_ICE: "the app is being asked what to do",
    CallState.DIALING: "nobody has picked up yet",
    CallState.DETECTING: "it is being found out who has picked up",
    CallState.AWAITING_ACE: "the app is being asked what to do",
    CallState.PROMPTING: "a message is being played",
    CallState.IN_MENU: "a menu is open",
    CallState.AWAITING_PIE: "the app is being asked what to do",
    CallState.CONNECTED: "the two are talking",
    CallState.IN_CONFERENCE: "the caller is in a conference",
    CallState.PARKED: "the call is parked",
    CallState.ENDED: "the call is over",
}
_NO_MENU = frozenset({CallState.PROMPTING, CallState.CONNECTED, CallState.IN_CONFERENCE, CallState.PARKED})


def ignored_text(event: Event, state: CallState) -> str:
    """Returns what has happened in vain in this state, and why: ``the key 1 does nothing: no menu is open``."""
    what = f"the key {event.digit} does nothing" if isinstance(event, DigitPressed) else _WHAT[type(event)]
    by_menu = isinstance(event, DigitPressed | Spoke) and state in _NO_MENU
    return f"{what}: {'no menu is open' if by_menu else _WHY[state]}"
