"""What is due when: order, replacement and cancelling, against a plain list that is sorted each time."""

from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.timetable import Timetable

Subject = tuple[str, str]
"""A subject and one of its parts."""

subjects = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["", "caller"]))
names = st.sampled_from(["dial", "prompt"])
orders = st.one_of(
    st.tuples(st.just("put"), subjects, names, st.integers(0, 5)),
    st.tuples(st.just("add"), subjects, st.just(""), st.integers(0, 5)),
    st.tuples(st.just("cancel"), subjects, names, st.just(0)),
    st.tuples(st.just("cancel part"), subjects, st.just(""), st.just(0)),
    st.tuples(st.just("cancel all"), subjects, st.just(""), st.just(0)),
)


@given(st.lists(orders, max_size=300))
def test_items_come_in_the_order_of_time_and_then_of_entry(given_orders: list[tuple[str, Subject, str, int]]) -> None:
    timetable: Timetable[int] = Timetable()
    expected: list[tuple[int, int, Subject, str]] = []
    for number, (order, subject, name, at_ms) in enumerate(given_orders):
        if order in ("put", "cancel"):
            expected = [entry for entry in expected if entry[2:] != (subject, name)]
        if order == "put":
            timetable.put(*subject, name, at_ms, number)
        elif order == "add":
            timetable.add(*subject, at_ms, number)
            name = f"#{number}"
        elif order == "cancel":
            timetable.cancel(*subject, name)
        elif order == "cancel part":
            timetable.cancel_part(*subject)
            expected = [entry for entry in expected if entry[2] != subject]
        else:
            timetable.cancel_all(subject[0])
            expected = [entry for entry in expected if entry[2][0] != subject[0]]
        if order in ("put", "add"):
            expected.append((at_ms, number, subject, name))
    assert timetable.subjects() == {entry[2] for entry in expected}
    for at_ms, number, *_ in sorted(expected, key=lambda entry: entry[:2]):
        assert timetable.next_due() == at_ms
        assert timetable.pop() == number
    assert timetable.next_due() is None
