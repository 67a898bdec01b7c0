"""Whatever is asked for numbers, in any order and at any time: assignments end, and events tell the truth."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sinch_simulator.core.application import Application
from sinch_simulator.core.application_settings import Provisioning
from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.numbering_plan import is_free
from sinch_simulator.products.numbers.machine import NumbersMachine, machine_of
from sinch_simulator.products.numbers.product import NUMBERS
from sinch_simulator.products.numbers.records import (
    Configured,
    NumberRecord,
    ProvisioningStatus,
    Released,
    Rented,
    Settings,
    SmsTarget,
    VoiceTarget,
    VoiceType,
)
from sinch_simulator.products.numbers.rest.views import active_view
from sinch_simulator.simulation import Simulation

KEYS = ("a", "b")
OWN = {"a": ["+14045550100"], "b": ["+14045550200"]}
NUMBERS_TO_RENT = ["+12015550100", "+18005550100"]  # the last takes no texts
plans = st.sampled_from([None, None, "", "plan-a", "plan-b", "nobody's"])
campaigns = st.sampled_from([None, "", "C1"])
voices = st.none() | st.builds(VoiceTarget, st.just(VoiceType.RTC), st.sampled_from(["", "a", "b", "nobody"]))
voices |= st.builds(VoiceTarget, st.sampled_from([VoiceType.EST, VoiceType.FAX]), st.sampled_from(["", "T1"]))
wishes = st.builds(
    Settings,
    st.sampled_from([None, "", "Sales"]),
    st.just("http://127.0.0.1:9/events"),
    st.builds(SmsTarget, plans, campaigns),
    voices,
)
codes = st.sampled_from([None, None, "INTERNAL_ERROR", "CAMPAIGN_EXPIRED"])


class Lives(RuleBasedStateMachine):
    """Two applications of one account, and everything that can be done with their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.world = Simulation((NUMBERS,), seed=1)
        for key in KEYS:
            application = Application.generated(key, "c2VjcmV0", 1)
            application.numbers, application.service_plan_id = list(OWN[key]), f"plan-{key}"
            self.world.add_application(application)
        self.linked: dict[tuple[str, str], bool] = {}
        """By number and platform, whether the events so far say that it is assigned."""

    @property
    def machine(self) -> NumbersMachine:
        return machine_of(self.world)

    def records(self) -> list[NumberRecord]:
        return [record for each in self.world.applications.values() for record in self.machine.held_by(each)]

    @rule(key=st.sampled_from(KEYS), number=st.sampled_from(NUMBERS_TO_RENT), wish=wishes)
    def rent(self, key: str, number: str, wish: Settings) -> None:
        if is_free(self.machine.pool.inventory, number):
            self.forget(number, assigned=False)
            self.machine.rent(self.world.applications[key], number, self.world.now)
            self.world.receive(Rented(number, wish))

    @precondition(lambda self: self.records())
    @rule(index=st.integers(0, 9), wish=wishes, ms=st.sampled_from([0, 2000]))
    def configure(self, index: int, wish: Settings, ms: int) -> None:
        record = self.records()[index % len(self.records())]
        self.machine.keep(record)
        self.world.receive(Configured(record.number, wish))
        self.pass_time(ms)

    @precondition(lambda self: self.records())
    @rule(index=st.integers(0, 9))
    def release(self, index: int) -> None:
        record = self.records()[index % len(self.records())]
        self.machine.keep(record)
        self.world.receive(Released(record.number))
        assert self.machine.active(record.number) is None

    @rule(ms=st.sampled_from([0, 1000, 2000, 2001, 4000]))
    def time_passes(self, ms: int) -> None:
        self.pass_time(ms)

    @rule(key=st.sampled_from(KEYS), after_ms=st.sampled_from([0, 1, 2000]), sms=codes, voice=codes)
    def provisioning_changes(self, key: str, after_ms: int, sms: str | None, voice: str | None) -> None:
        self.world.applications[key].provisioning = Provisioning(after_ms, sms, voice)

    @rule()
    def everything_is_reset(self) -> None:
        self.read_events()
        for key in KEYS:
            self.world.renew(key)
        self.linked.clear()
        assert {key: each.numbers for key, each in self.world.applications.items()} == OWN
        assert [record.number for record in self.records()] == [number for own in OWN.values() for number in own]

    @rule()
    def in_the_end_nothing_is_under_way(self) -> None:
        self.pass_time(5000)
        for record in self.records():
            under_way = [each for each in (record.sms, record.voice) if each is not None]
            assert {each.status for each in under_way} <= {ProvisioningStatus.FAILED}

    @invariant()
    def numbers_can_be_shown_and_events_tell_each_change_once(self) -> None:
        self.read_events()
        for record in self.records():
            view = active_view(self.machine, record)
            assert view["smsConfiguration"]["servicePlanId"] == self.machine.plan_of(record.number)
            scheduled = view["smsConfiguration"]["scheduledProvisioning"]
            assert scheduled is None or (scheduled["status"] == "FAILED") == bool(scheduled["errorCodes"])
            self.compare(record, "SMS_PLATFORM", bool(self.machine.plan_of(record.number)))
            self.compare(record, "CAMPAIGN", bool(record.campaign_id))
            self.compare(record, "VOICE_PLATFORM", self.machine.voice_of(record) is not None)
        answering = [number for each in self.world.applications.values() for number in each.numbers]
        assert len(answering) == len(set(answering))

    def compare(self, record: NumberRecord, platform: str, is_so: bool) -> None:
        """What the events have said is so; a number that nobody has told of yet may be as it likes."""
        assert self.linked.setdefault((record.number, platform), is_so) == is_so

    def forget(self, number: str, *, assigned: bool) -> None:
        self.read_events()
        for platform in ("SMS_PLATFORM", "CAMPAIGN", "VOICE_PLATFORM"):
            self.linked[number, platform] = assigned

    def pass_time(self, ms: int) -> None:
        until = self.world.now + ms
        while self.world.now < until:
            self.world.run_to(until)
            self.read_events()
        self.world.run_to(until)
        self.read_events()

    def read_events(self) -> None:
        for sent in self.world.take_outbox():
            assert isinstance(sent, SendCallback)
            begins, _, rest = sent.event.partition("_")
            platform = rest.partition("_")[2]
            if sent.body["status"] == "FAILED":
                assert begins == "PROVISIONING"
                continue
            place = (sent.body["resourceId"], platform)
            assert self.linked.get(place) is not (begins == "PROVISIONING"), f"{sent.event} twice"
            self.linked[place] = begins == "PROVISIONING"


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
