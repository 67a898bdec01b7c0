"""Who has which number: what applications were made with, what was rented, what was moved; and how it is undone."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sinch_simulator.core.application import Application
from sinch_simulator.core.numbers import Capability, Inventory, NumberPool, Rental

MADE_WITH = {"a": ["+14045550100", "+14045550101"], "b": ["+14045550200"]}
RENTABLE = ["+12015550100", "+12015550101", "+12015550102"]
ALL = [*MADE_WITH["a"], *MADE_WITH["b"], *RENTABLE]


def two_applications() -> NumberPool:
    applications = {key: Application(key, "", list(numbers)) for key, numbers in MADE_WITH.items()}
    return NumberPool(applications, Inventory(0, applications))


def test_a_rented_number_serves_nobody_until_it_is_assigned() -> None:
    pool = two_applications()
    pool.rent(Rental(RENTABLE[0], "a", 0))
    assert pool.owns(RENTABLE[0])
    assert pool.voice_owner(RENTABLE[0]) is pool.sms_owner(RENTABLE[0]) is None
    pool.assign(RENTABLE[0], pool.applications["b"], Capability.VOICE)
    pool.assign(RENTABLE[0], pool.applications["b"], Capability.SMS)
    assert pool.voice_owner(RENTABLE[0]) is pool.sms_owner(RENTABLE[0]) is pool.applications["b"]


def test_a_number_that_an_application_was_made_with_serves_calls_and_texts() -> None:
    pool = two_applications()
    number = MADE_WITH["a"][0]
    assert pool.voice_owner(number) is pool.sms_owner(number) is pool.applications["a"]
    pool.assign(number, pool.applications["b"], Capability.VOICE)
    assert pool.voice_owner(number) is pool.applications["b"]
    assert pool.sms_owner(number) is pool.applications["a"]


def test_reset_gives_back_what_was_rented_and_restores_what_was_there() -> None:
    pool = two_applications()
    a, b = pool.applications["a"], pool.applications["b"]
    pool.rent(Rental(RENTABLE[0], "a", 0))
    pool.assign(RENTABLE[0], b, Capability.VOICE)
    pool.assign(MADE_WITH["a"][0], b, Capability.VOICE)
    pool.give_back(MADE_WITH["a"][1])
    assert not pool.owns(MADE_WITH["a"][1])
    pool.renew("a")
    assert (a.numbers, b.numbers) == (MADE_WITH["a"], MADE_WITH["b"])
    assert pool.inventory.taken() == {number for numbers in MADE_WITH.values() for number in numbers}


def test_a_maker_that_gives_other_numbers_is_remembered() -> None:
    pool = two_applications()
    a = pool.applications["a"]
    pool.rent(Rental(RENTABLE[0], "a", 0))
    pool.assign(RENTABLE[0], a, Capability.VOICE)
    a.numbers = ["+14045550300", RENTABLE[0]]
    pool.made_with(a, a.numbers)
    pool.renew("a")
    assert a.numbers == ["+14045550300"]


def test_a_number_that_answers_no_calls_is_still_taken() -> None:
    pool = two_applications()
    number = MADE_WITH["a"][0]
    pool.unassign(number, Capability.VOICE)
    assert number in pool.inventory.taken()
    pool.give_back(number)
    assert number not in pool.inventory.taken()


def test_an_application_that_is_made_again_gets_the_calls_and_texts_of_its_numbers() -> None:
    pool = two_applications()
    kept, released = MADE_WITH["a"]
    pool.unassign(kept, Capability.SMS)
    pool.assign(kept, pool.applications["b"], Capability.VOICE)
    pool.give_back(released)
    pool.forget("a")
    again = Application("a", "", [kept, released])
    pool.applications["a"] = again  # type: ignore[index]  # the world does
    assert again.own_numbers == [kept, released]
    for number in again.numbers:
        assert pool.voice_owner(number) is pool.sms_owner(number) is pool.holder(number) is again


def test_an_application_that_is_deleted_leaves_nothing() -> None:
    pool = two_applications()
    pool.rent(Rental(RENTABLE[0], "a", 0))
    pool.forget("a")
    del pool.applications["a"]  # type: ignore[attr-defined]  # the world does
    assert pool.inventory.taken() == set(MADE_WITH["b"])
    assert not pool.owns(RENTABLE[0])


class Numbers(RuleBasedStateMachine):
    """Any changes: a number never leads to two applications, and a reset brings back the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = two_applications()

    @rule(number=st.sampled_from(RENTABLE), key=st.sampled_from(["a", "b"]))
    def rent(self, number: str, key: str) -> None:
        if number not in self.pool.inventory.taken():
            self.pool.rent(Rental(number, key, 0))

    @rule(number=st.sampled_from(ALL), key=st.sampled_from(["a", "b"]), capability=st.sampled_from(Capability))
    def assign(self, number: str, key: str, capability: Capability) -> None:
        if self.pool.owns(number):
            self.pool.assign(number, self.pool.applications[key], capability)
            assert self.pool.assigned(number, self.pool.applications[key], capability)

    @rule(number=st.sampled_from(ALL), capability=st.sampled_from(Capability))
    def unassign(self, number: str, capability: Capability) -> None:
        if self.pool.owns(number):
            self.pool.unassign(number, capability)
            assert self.pool.owns(number)

    @rule(number=st.sampled_from(ALL))
    def give_back(self, number: str) -> None:
        if self.pool.owns(number):
            self.pool.give_back(number)
            assert not self.pool.owns(number)
            assert self.pool.sms_owner(number) is self.pool.voice_owner(number) is None

    @rule(key=st.sampled_from(["a", "b"]))
    def renew_one(self, key: str) -> None:
        self.pool.renew(key)
        assert self.pool.applications[key].numbers[: len(MADE_WITH[key])] == MADE_WITH[key]

    @rule()
    def renew_all(self) -> None:
        for key in MADE_WITH:
            self.pool.renew(key)
        assert {key: each.numbers for key, each in self.pool.applications.items()} == MADE_WITH
        assert self.pool.rentals == {}

    @invariant()
    def every_number_leads_to_one(self) -> None:
        voice = [number for each in self.pool.applications.values() for number in each.numbers]
        assert len(voice) == len(set(voice))
        assert all(self.pool.owns(number) for number in voice)
        held = {number for number in ALL if self.pool.holder(number) is not None}
        assert held <= self.pool.inventory.taken()
        rows = {(row.number, row.capability) for row in self.pool.rented()}
        assert len(rows) == len(self.pool.rented())


TestNumbers = Numbers.TestCase
TestNumbers.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)


@given(st.sampled_from(RENTABLE))
def test_one_inventory_serves_every_world(number: str) -> None:
    one, other = two_applications(), two_applications()
    other.inventory = one.inventory
    one.rent(Rental(number, "a", 0))
    assert number in other.inventory.taken()
    one.give_back(number)
    assert number not in other.inventory.taken()
