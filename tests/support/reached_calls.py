"""Calls in every state, by every way that leads there."""

from collections.abc import Callable
from typing import Any

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.call import Call, CallState, MenuState, Origin, Timer
from sinch_simulator.products.voice.calling import press
from sinch_simulator.products.voice.callouts.reading import read_callout
from sinch_simulator.products.voice.events import Arrived
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.transitions import step
from support import pure_world
from support.pure_world import BEN, PureWorld, custom_callout, menu, say, svaml, take_callbacks, tts_callout

S = CallState
ONE = {"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]}
MENU = menu(ONE, enableVoice=True)


def new(world: PureWorld) -> Call:
    """A callout that nothing has happened to."""
    call = world.callout(tts_callout())
    assert call.setup.callout is not None
    return world.exchange.new_callout(world.application, call.setup.callout, 0, base_url="", region="euc1")


def pending(world: PureWorld, event: str, reach: Callable[[], Call]) -> Call:
    """A call whose callback of this event is not answered yet."""
    call = reach()
    for _ in range(20):
        callbacks = take_callbacks(world.simulation)
        if any(callback.event == event for callback in callbacks):
            return call
        for callback in callbacks:
            world._answer(callback)
        due = world.simulation.next_due()
        if not callbacks and due is not None:
            world.simulation.run_to(due)
    raise AssertionError(f"{event} never came")


def place(world: PureWorld, body: dict[str, Any]) -> Call:
    """A callout that waits for whatever comes first."""
    return pure_world.place(world.simulation, read_callout(body, ()).callout)


def awaiting_ice(world: PureWorld) -> Call:
    return pending(world, "ice", lambda: place(world, custom_callout(None)))


def dialing(world: PureWorld) -> Call:
    return world.callout(tts_callout())


def detecting(world: PureWorld) -> Call:
    connect = {"name": "connectPstn", "number": BEN, "cli": "+14045550100", "amd": {"enabled": True}}
    world.on("ice", svaml(connect))
    call = world.callout(custom_callout(None))
    world.advance(2.5)
    return call


def awaiting_ace(world: PureWorld) -> Call:
    return pending(world, "ace", lambda: place(world, tts_callout()))


def prompting(world: PureWorld) -> Call:
    world.on("ace", svaml("continue", say("a long message to listen to")))
    call = world.callout(tts_callout())
    world.advance(2.1)
    return call


def in_menu(world: PureWorld) -> Call:
    world.on("ice", svaml(MENU))
    return world.dial()


def awaiting_pie(world: PureWorld) -> Call:
    world.on("ice", svaml(MENU))

    def reach() -> Call:
        call = world.dial()
        press(world.simulation, call, LegName.CALLER, "1")
        return call

    return pending(world, "pie", reach)


def connected(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(2)
    return call


def parked(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}))
    return world.dial()


def in_conference(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "connectConf", "conferenceId": "room"}))
    return world.dial()


def in_menu_of_a_callout(world: PureWorld) -> Call:
    world.on("ace", svaml(MENU))
    call = world.callout(tts_callout())
    world.advance(2)
    return call


def in_menu_for_nobody(world: PureWorld) -> Call:
    call = in_menu(world)
    world.application.callback_url = None
    return call


def silent_menu(reach: Callable[[PureWorld], Call]) -> Callable[[PureWorld], Call]:
    """The same menu, once its prompt is over and it has been repeated for the last time."""

    def listening(world: PureWorld) -> Call:
        call = reach(world)
        assert call.menu is not None
        call.menu.state = MenuState.LISTENING
        call.menu.repeats_left = 0
        return call

    return listening


def in_menu_of_a_bridge(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml(MENU))
    world.application.callback_url = "http://app.test/voice"
    call = world.dial()
    world.advance(2)
    world.application.callback_url = None
    return call


def in_menu_of_a_participant(world: PureWorld) -> Call:
    call = in_conference(world)
    world.patch(call, svaml(MENU))
    world.application.callback_url = None
    return call


def bridging(world: PureWorld) -> Call:
    """Anna waits for Ben, who has answered; what to do with the two is not said yet."""
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    return pending(world, "ace", world.dial)


def joining(world: PureWorld) -> Call:
    """Somebody was called to a conference, and has answered."""
    about = {"cli": "+1404", "destination": {"type": "number", "endpoint": BEN}, "conferenceId": "room"}
    body = {"method": "conferenceCallout", "conferenceCallout": {**about, "enableAce": True}}
    return pending(world, "ace", lambda: place(world, body))


def joining_at_once(world: PureWorld) -> Call:
    about = {"cli": "+1404", "destination": {"type": "number", "endpoint": BEN}, "conferenceId": "room"}
    return place(world, {"method": "conferenceCallout", "conferenceCallout": about})


def bridge_pie(world: PureWorld) -> Call:
    """The caller has chosen in a menu that was played before the bridge."""
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml(MENU))

    def reach() -> Call:
        call = world.dial()
        world.advance(2)
        press(world.simulation, call, LegName.CALLER, "1")
        return call

    return pending(world, "pie", reach)


def dialing_for_a_caller(world: PureWorld, **properties: object) -> Call:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, **properties}))
    return world.dial()


def detecting_suppressed(world: PureWorld, **properties: object) -> Call:
    call = dialing_for_a_caller(world, amd={"enabled": True}, suppressCallbacks=True, **properties)
    world.advance(2.5)
    return call


def detecting_for_nobody(world: PureWorld) -> Call:
    call = detecting(world)
    world.application.callback_url = None
    return call


def prompting_before(action: dict[str, Any] | str, event: str = "ice") -> Callable[[PureWorld], Call]:
    """A reach of a call that hears something, after which it will do this."""

    def reach(world: PureWorld) -> Call:
        world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
        world.on(event, svaml(action, {"name": "answer"}, say("a message")))
        call = world.dial()
        world.advance(2 if event == "ace" else 0)
        return call

    return reach


def new_arrival(world: PureWorld, kind: AddressKind, origin: Origin = Origin.MXP, url: str | None = None) -> Call:
    world.application.callback_url = url
    to = Address(kind, BEN if kind is AddressKind.NUMBER else "room")
    incoming = Incoming(origin, "anna", to, own_cli="+46700000010" if origin is Origin.MXP else None)
    return world.exchange.new_arrival(world.application, incoming, 0)


def new_custom(world: PureWorld, **fields: object) -> Call:
    callout = read_callout(custom_callout(None, **fields), ()).callout
    return world.exchange.new_callout(world.application, callout, 0, base_url="", region="euc1")


def new_without_cli(world: PureWorld) -> Call:
    body = tts_callout()
    del body["ttsCallout"]["cli"]
    callout = read_callout(body, ()).callout
    return world.exchange.new_callout(world.application, callout, 0, base_url="", region="euc1")


def caller_awaiting_ice(world: PureWorld) -> Call:
    call = new_arrival(world, AddressKind.NUMBER, url="http://app.test/voice")
    step(call, Arrived(call.id), 0)
    return call


def parked_in_silence(world: PureWorld) -> Call:
    world.on("ice", svaml("park"))
    return world.dial()


def park_that_has_run_out(world: PureWorld) -> Call:
    call = parked(world)
    step(call, TimerFired(call.id, Timer.PARK), 600_000)
    return call


def ended(world: PureWorld) -> Call:
    call = connected(world)
    world.hang_up(call)
    return call


REACH: dict[CallState, Callable[[PureWorld], Call]] = {
    S.NEW: new,
    S.AWAITING_ICE: awaiting_ice,
    S.DIALING: dialing,
    S.DETECTING: detecting,
    S.AWAITING_ACE: awaiting_ace,
    S.PROMPTING: prompting,
    S.IN_MENU: in_menu,
    S.AWAITING_PIE: awaiting_pie,
    S.CONNECTED: connected,
    S.IN_CONFERENCE: in_conference,
    S.PARKED: parked,
    S.ENDED: ended,
}


MENUS = (in_menu, in_menu_for_nobody, in_menu_of_a_callout, in_menu_of_a_bridge, in_menu_of_a_participant)
PARK = {"name": "park", "holdPrompt": "#tts[Please hold]"}
ROOM = {"name": "connectConf", "conferenceId": "room"}
CONNECT = {"name": "connectPstn", "number": BEN}
# More ways into the states, for what a row can lead to depends on how the call came there.
FURTHER: list[Callable[[PureWorld], Call]] = [
    *MENUS,
    *(silent_menu(reach) for reach in MENUS),
    bridging,
    joining,
    joining_at_once,
    bridge_pie,
    dialing_for_a_caller,
    lambda world: dialing_for_a_caller(world, suppressCallbacks=True),
    lambda world: dialing_for_a_caller(world, suppressCallbacks=True, dtmf="12"),
    lambda world: dialing_for_a_caller(world, amd={"enabled": True}),
    detecting_suppressed,
    lambda world: detecting_suppressed(world, dtmf="12"),
    detecting_for_nobody,
    *(prompting_before(action) for action in ("hangup", MENU, PARK, ROOM, CONNECT)),
    prompting_before("continue", "ace"),
    lambda world: new_arrival(world, AddressKind.NUMBER),
    lambda world: new_arrival(world, AddressKind.CONFERENCE),
    lambda world: new_arrival(world, AddressKind.NUMBER, Origin.PSTN),
    lambda world: new_arrival(world, AddressKind.NUMBER, url="http://app.test/voice"),
    new_custom,
    new_without_cli,
    caller_awaiting_ice,
    parked_in_silence,
    park_that_has_run_out,
]
