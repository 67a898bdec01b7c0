"""What is due when: order, replacement and striking, against a plain list that is sorted each time."""

from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.timetable import Timetable

Owner = tuple[str, str]
"""An owner and one of its parts."""

owners = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["", "caller"]))
names = st.sampled_from(["dial", "prompt"])
orders = st.one_of(
    st.tuples(st.just("enter"), owners, names, st.integers(0, 5)),
    st.tuples(st.just("add"), owners, st.just(""), st.integers(0, 5)),
    st.tuples(st.just("strike"), owners, names, st.just(0)),
    st.tuples(st.just("strike part"), owners, st.just(""), st.just(0)),
    st.tuples(st.just("strike all"), owners, st.just(""), st.just(0)),
)


@given(st.lists(orders, max_size=300))
def test_items_come_in_the_order_of_time_and_then_of_entry(given_orders: list[tuple[str, Owner, str, int]]) -> None:
    timetable: Timetable[int] = Timetable()
    expected: list[tuple[int, int, Owner, str]] = []
    for number, (order, owner, name, at_ms) in enumerate(given_orders):
        if order in ("enter", "strike"):
            expected = [entry for entry in expected if entry[2:] != (owner, name)]
        if order == "enter":
            timetable.enter(*owner, name, at_ms, number)
        elif order == "add":
            timetable.add(*owner, at_ms, number)
            name = f"#{number}"
        elif order == "strike":
            timetable.strike(*owner, name)
        elif order == "strike part":
            timetable.strike_part(*owner)
            expected = [entry for entry in expected if entry[2] != owner]
        else:
            timetable.strike_all(owner[0])
            expected = [entry for entry in expected if entry[2][0] != owner[0]]
        if order in ("enter", "add"):
            expected.append((at_ms, number, owner, name))
    assert timetable.owners() == {entry[2] for entry in expected}
    for at_ms, number, *_ in sorted(expected, key=lambda entry: entry[:2]):
        assert timetable.next_due() == at_ms
        assert timetable.pop() == number
    assert timetable.next_due() is None
