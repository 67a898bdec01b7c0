"""Groups of groups, and the numbers in them (docs/platform/sms.md#10)."""

from sinch_simulator.products.sms.groups import Group, changed_list, members_of

KEY = "key"


class Counted(str):
    """A number that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def group(name: str, *children: str) -> Group:
    return Group(name, KEY, 0, 0, members={f"+{name}": None}, child_groups=children)


def by_id(*groups: Group) -> dict[str, Group]:
    return {each.id: each for each in groups}


def test_groups_may_lie_in_each_other_as_deep_as_anybody_likes() -> None:
    groups = by_id(*(group(str(depth), str(depth + 1)) for depth in range(5000)))
    assert [*members_of(groups["0"], groups)] == [f"+{depth}" for depth in range(5000)]


def test_members_come_in_the_order_of_the_groups_each_once_and_a_circle_is_cut() -> None:
    groups = by_id(group("a", "b", "gone", "d"), group("b", "c", "a"), group("c", "d"), group("d"))
    assert [*members_of(groups["a"], groups)] == ["+a", "+b", "+c", "+d"]


def test_what_is_taken_away_is_not_looked_for_member_by_member() -> None:
    members = [Counted(f"+4670{each:07}") for each in range(500)]
    removed = [Counted(f"+4670{each:07}") for each in range(1, 500)]
    Counted.compared = 0
    assert [str(each) for each in changed_list(members, ["+1"], removed)] == ["+46700000000", "+1"]
    assert Counted.compared < 10 * len(members)
