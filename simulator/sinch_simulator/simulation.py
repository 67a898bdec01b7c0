"""One world as one deterministic machine: the exchange, the phones, a timetable and a journal.

It has four doors. ``receive`` lets something happen now; ``next_due`` says when the next thing happens by itself;
``run_to`` lets time pass, and stops when a callback must go out; ``take_callbacks`` hands those over. Time comes in as
an argument, in milliseconds since the start; the same inputs give the same journal.
"""

from attrs import define, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.journal import Journal
from sinch_simulator.core.timetable import Timetable
from sinch_simulator.phones.behaviour import PAUSE_MS, Persona
from sinch_simulator.phones.phone import Act, Phone, Wake
from sinch_simulator.phones.phonebook import Phonebook
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.effects import (
    CallEffect,
    CancelTimer,
    Connect,
    Deliver,
    Diagnose,
    Invite,
    Log,
    PhoneEffect,
    Release,
    SendCallback,
    SendFrames,
    SetTimer,
    StreamOrder,
    WakeRecording,
)
from sinch_simulator.products.voice.events import (
    AddressKind,
    Arrived,
    DigitPressed,
    Event,
    LegName,
    Placed,
    RecordingDelivered,
    RecordingDue,
    TimerFired,
)
from sinch_simulator.products.voice.exchange import Exchange, Incoming

RECORDING = "recording"
"""What a recording has in the timetable, under its own id."""
FRAMES = "frames"
"""What a stream has in the timetable."""
FRAMES_MS = 100
"""How often a stream is owed sound: five frames each time (docs/platform/svaml.md#3.7 says 20 ms a frame)."""

_REPLIES = ("callback.answered", "callback.failed", "document.used")


@define
class Simulation:
    """A world. ``epoch_ms`` is the Unix time of its first millisecond."""

    seed: int = 0
    epoch_ms: int = 0
    now: int = 0
    journal: Journal = field(factory=Journal)
    phonebook: Phonebook = field(factory=Phonebook)
    exchange: Exchange = field(init=False)
    timetable: Timetable[Event | Wake | SetTimer | SendFrames] = field(factory=Timetable)
    _phones: dict[tuple[str, LegName], Phone] = field(factory=dict)
    stores: frozenset[str] = frozenset()
    """The customers' stores (``s3``, ``azure``) that whoever runs the world can really reach."""
    plays_streams: bool = False
    """Whether whoever runs the world plays the far ends of streams; else they are phones like any other."""
    _accepted: list[str] = field(factory=list)
    """The ids of callouts that have not begun yet."""
    _outbox: list[SendCallback] = field(factory=list)
    _deliveries: list[Deliver] = field(factory=list)
    sounds: dict[str, list[tuple[int, bytes]]] = field(factory=dict)
    """By call, what a stream has let the caller hear while it was recorded: from when, and the samples at 8 kHz."""
    _streams: set[tuple[str, LegName]] = field(factory=set)
    _stream_orders: list[StreamOrder] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.exchange = Exchange(self.seed, self.epoch_ms)

    # ---- the four doors

    def receive(self, event: Event) -> None:
        """Let something happen now."""
        self._begin_accepted()
        self.journal.tell(self.now, event.call_id, event)
        self._carry_out(self.exchange.receive(event, self.now))

    def next_due(self) -> int | None:
        """When the next thing happens by itself; None when nothing does."""
        self._begin_accepted()
        return self.timetable.next_due()

    def run_to(self, moment: int) -> None:
        """Let time pass until ``moment``, or to the end of the first instant at which a callback must go out."""
        assert moment >= self.now, "time never goes back"
        self._begin_accepted()
        while not (self._outbox or self._deliveries or self._stream_orders):
            due = self.timetable.next_due()
            if due is None or due > moment:
                self.now = moment
                return
            self.now = due
            while self.timetable.next_due() == due:
                self._let_happen(self.timetable.pop())

    def take_callbacks(self) -> list[SendCallback]:
        """The callbacks that must go out now, in their order; each is handed over once."""
        self._begin_accepted()
        callbacks, self._outbox = self._outbox, []
        return callbacks

    def take_deliveries(self) -> list[Deliver]:
        """The files that must go to a customer's store now; each is handed over once, and its outcome received."""
        self._begin_accepted()
        deliveries, self._deliveries = self._deliveries, []
        return deliveries

    def take_stream_orders(self) -> list[StreamOrder]:
        """What must be done now at the far ends of streams, in order; each is handed over once."""
        self._begin_accepted()
        orders, self._stream_orders = self._stream_orders, []
        return orders

    # ---- how calls begin, and what people do

    def place(self, key: str, callout: Callout, *, base_url: str = "", region: str = "euc1") -> Call:
        """A callout of this application, accepted."""
        call = self.accept(key, callout, base_url=base_url, region=region)
        self._begin_accepted()
        return call

    def accept(self, key: str, callout: Callout, *, base_url: str = "", region: str = "euc1") -> Call:
        """As ``place``, but the call begins when a door is used next: it has an id, and does not ring yet."""
        call = self.exchange.new_callout(
            self.exchange.applications[key], callout, self.now, base_url=base_url, region=region
        )
        self.journal.tell(self.now, call.id, callout)
        self._accepted.append(call.id)
        return call

    def dial(self, key: str, incoming: Incoming, caller: Persona | None = None) -> Call:
        """Somebody outside dials this application; ``caller`` is how they behave, else the phone book says."""
        call = self.exchange.new_arrival(self.exchange.applications[key], incoming, self.now)
        fields = {"from": incoming.cli, "to": incoming.to.endpoint, "origin": incoming.origin.value}
        self.journal.add(self.now, "call.arrived", call.id, fields)
        persona = caller or self.phonebook.persona_for(incoming.cli)
        phone = Phone(call.id, LegName.CALLER, persona, calls=True)
        self._phones[call.id, LegName.CALLER] = phone
        self.receive(Arrived(call.id))
        if not call.final:
            self._enter(phone.leg, call.id, phone.begin(self.now))
        return call

    def press(self, call_id: str, leg: LegName, digits: str) -> None:
        """Press keys: at once, but for the 500 ms of each ``w``."""
        after_ms = 0
        for digit in digits:
            if digit == "w":
                after_ms += PAUSE_MS
            elif after_ms == 0 or self.exchange.calls[call_id].final:
                self.receive(DigitPressed(call_id, leg, digit))
            else:
                event = DigitPressed(call_id, leg, digit)
                self.timetable.add(call_id, leg.value, self.now + after_ms, event)

    @property
    def applications(self) -> dict[str, Application]:
        """Returns the applications that live here, by key."""
        return self.exchange.applications

    def machine(self, product: str) -> Exchange:
        """Returns the machine of the product of this name."""
        assert product == "voice"
        return self.exchange

    # ---- applications

    def add_application(self, application: Application) -> None:
        """Let an application into this world."""
        self.exchange.applications[application.key] = application

    def remove_application(self, key: str) -> None:
        """Drop an application and its calls."""
        self.drop_calls(key)
        self.exchange.pool.forget(key)
        del self.exchange.applications[key]

    def drop_calls(self, key: str) -> None:
        """Forget the calls of an application as if they had never been; nobody is told."""
        dropped = {call.id for call in self.exchange.calls.values() if call.application.key == key}
        for call_id in dropped:
            self._silence(call_id)
            self.sounds.pop(call_id, None)
            for recording in self.exchange.calls[call_id].recordings:
                self.timetable.strike_all(recording.id)
        self._deliveries = [delivery for delivery in self._deliveries if delivery.call_id not in dropped]
        self.exchange.forget(dropped)
        self._accepted = [call_id for call_id in self._accepted if call_id not in dropped]
        self._outbox = [callback for callback in self._outbox if callback.call_id not in dropped]
        self.journal.forget_calls(dropped)

    def renew(self, key: str) -> None:
        """Let an application begin anew: no calls, ids count from one, and it is told again what it was told once."""
        self.drop_calls(key)
        self.exchange.applications[key].ids_given = 0
        self.exchange.applications[key].told_once.clear()

    def restart(self) -> None:
        """Begin the world anew: no calls, no scripted phones, time zero; the applications stay."""
        for key in self.exchange.applications:
            self.renew(key)
        self.phonebook.forget_all()
        self.journal.clear()
        self.now = 0

    def diagnose(self, call_id: str | None, diagnostic: Diagnostic, /, **about: str) -> None:
        """Put a finding into the journal; ``about`` names the ``event`` or the ``request`` it came of."""
        finding = {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "path": diagnostic.path,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
        }
        self.journal.add(self.now, "diagnostic", call_id, {**finding, **about})

    # ---- carrying out

    def _begin_accepted(self) -> None:
        if not self._accepted:
            return
        accepted, self._accepted = self._accepted, []
        for call_id in accepted:
            self._carry_out(self.exchange.receive(Placed(call_id), self.now))

    def _let_happen(self, item: Event | Wake | SetTimer | SendFrames) -> None:
        if isinstance(item, SetTimer):
            self.receive(TimerFired(item.call_id, item.timer))
            return
        if isinstance(item, Wake):
            phone = self._phones.get((item.call_id, item.leg))
            if phone is not None:
                self._enter(item.leg, item.call_id, phone.wake(self.now))
            return
        if isinstance(item, SendFrames):
            self._stream_orders.append(item)
            self._owe_frames(item)
            return
        self.receive(item)

    def _carry_out(self, effects: list[CallEffect]) -> None:
        now = self.now
        for effect in effects:
            if isinstance(effect, Log):
                self.journal.add(now, effect.kind, effect.call_id, effect.fields)
                if effect.kind == "call.ended":
                    self._silence(effect.call_id)
            elif isinstance(effect, SetTimer):
                self.timetable.enter(effect.call_id, "", effect.timer, now + effect.after_ms, effect)
            elif isinstance(effect, CancelTimer):
                self.timetable.strike(effect.call_id, "", effect.timer)
            elif isinstance(effect, SendCallback):
                sent = {"callbackId": effect.id, "event": effect.event.value, "url": effect.url, "body": effect.body}
                self.journal.add(now, "callback.sent", effect.call_id, sent)
                self._outbox.append(effect)
            elif isinstance(effect, WakeRecording):
                due = RecordingDue(effect.call_id, effect.recording_id)
                self.timetable.enter(effect.recording_id, "", RECORDING, now + effect.after_ms, due)
            elif isinstance(effect, Deliver):
                self._deliver(effect)
            elif isinstance(effect, Diagnose):
                self.diagnose(effect.call_id, effect.diagnostic, **_reply_behind(effect, effects))
            else:
                self.journal.tell(now, effect.call_id, effect)
                self._tell_phone(effect)

    def _deliver(self, effect: Deliver) -> None:
        """Hand a file over to whoever runs the world; without such a store here its delivery is simulated."""
        if effect.store in self.stores:
            self._deliveries.append(effect)
            return
        delivered = RecordingDelivered(effect.call_id, effect.recording_id, simulated=True)
        self.timetable.enter(effect.recording_id, "", RECORDING, self.now, delivered)

    def _tell_phone(self, effect: PhoneEffect) -> None:
        key = (effect.call_id, effect.leg)
        if self.plays_streams and self._tell_stream(effect):
            return
        if isinstance(effect, Invite):
            self._ring(effect)
        elif isinstance(effect, Release):
            self._phones.pop(key, None)
            self.timetable.strike_part(effect.call_id, effect.leg.value)
        else:
            phone = self._phones.get(key)
            if phone is not None:
                self._enter(effect.leg, effect.call_id, phone.hear(effect, self.now))

    def _ring(self, invite: Invite) -> None:
        persona = self.phonebook.persona_for(invite.address.endpoint)
        phone = Phone(invite.call_id, invite.leg, persona, calls=False)
        self._enter(invite.leg, invite.call_id, phone.hear(invite, self.now))
        if phone.idle:
            self._phones.pop((invite.call_id, invite.leg), None)
        else:
            self._phones[invite.call_id, invite.leg] = phone

    def _tell_stream(self, effect: PhoneEffect) -> bool:
        """Hand over what concerns the far end of a stream; False when a phone is there."""
        key = (effect.call_id, effect.leg)
        if isinstance(effect, Invite) and effect.address.kind is AddressKind.WEBSOCKET:
            self._streams.add(key)
            self._stream_orders.append(effect)
        elif key not in self._streams:
            return False
        elif isinstance(effect, Release):
            self._part_stream(effect.call_id, effect.leg)
        elif isinstance(effect, Connect):
            self._owe_frames(SendFrames(effect.call_id, effect.leg))
        return True

    def _owe_frames(self, order: SendFrames) -> None:
        self.timetable.enter(order.call_id, order.leg.value, FRAMES, self.now + FRAMES_MS, order)

    def _part_stream(self, call_id: str, leg: LegName) -> None:
        self.timetable.strike_part(call_id, leg.value)
        if (call_id, leg) in self._streams:
            self._streams.discard((call_id, leg))
            self._stream_orders.append(Release(call_id, leg))

    def _enter(self, leg: LegName, call_id: str, acts: list[Act]) -> None:
        for act in acts:
            self.timetable.add(call_id, leg.value, self.now + act.after_ms, act.event)

    def _silence(self, call_id: str) -> None:
        """Nothing more is to come of a call by itself."""
        self.timetable.strike_all(call_id)
        for leg in LegName:
            self._part_stream(call_id, leg)
            self._phones.pop((call_id, leg), None)


def _reply_behind(finding: Diagnose, effects: list[CallEffect]) -> dict[str, str]:
    """The event whose answer, or whose failure, a finding came of; nothing where time or a person was behind it."""
    for effect in effects:
        if isinstance(effect, Log) and effect.call_id == finding.call_id and effect.kind in _REPLIES:
            return {"event": str(effect.fields["event"])}
    return {}
