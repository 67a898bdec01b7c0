"""Keeps the groups of an application: lists of numbers under an id, which keywords can change.

Source: docs/platform/sms.md#10.
"""

from collections.abc import Iterable, Mapping

from attrs import field

from sinch_simulator.core.values import define, frozen


@frozen
class Keywords:
    """The first word of a text, and the second where there must be one, in any case of letters."""

    first: str
    second: str | None = None

    def match(self, words: list[str]) -> bool:
        """Tells whether the words of a text begin so."""
        wanted = [word for word in (self.first, self.second) if word is not None]
        return [word.lower() for word in words[: len(wanted)]] == [word.lower() for word in wanted]


@frozen
class AutoUpdate:
    """Lets senders of texts to the number ``to`` join or leave a group by keywords."""

    to: str
    add: Keywords | None = None
    remove: Keywords | None = None


@define(eq=False)
class Group:
    """A group. ``members`` are numbers with ``+``, in the order in which they came; moments are simulated."""

    id: str
    application_key: str
    created_at_ms: int
    modified_at_ms: int
    name: str | None = None
    members: dict[str, None] = field(factory=dict)
    child_groups: tuple[str, ...] = ()
    auto_update: AutoUpdate | None = None


def members_of(group: Group, groups: Mapping[str, Group]) -> dict[str, None]:
    """Returns the numbers of a group and of the groups in it, each once; a circle of groups is cut."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [group]
    while waiting:
        each = waiting.pop()
        if each.id not in seen:
            seen.add(each.id)
            found.update(each.members)
            waiting += [groups[child_id] for child_id in reversed(each.child_groups) if child_id in groups]
    return found


def changed_list(before: Iterable[str], added: Iterable[str], removed: Iterable[str]) -> dict[str, None]:
    """Returns the members or child groups that there are when some have come and then some have gone, in order."""
    gone = frozenset(removed)
    return {each: None for each in (*before, *added) if each not in gone}


def resolved(to: Iterable[str], groups: Mapping[str, Group], application_key: str) -> dict[str, None]:
    """Returns the numbers that recipients of a batch stand for, each once; a group that is no more is empty."""
    numbers: dict[str, None] = {}
    for recipient in to:
        if recipient[0] == "+":
            numbers[recipient] = None
            continue
        group = groups.get(recipient)
        if group is not None and group.application_key == application_key:
            numbers.update(members_of(group, groups))
    return numbers


def update_by_keywords(groups: Iterable[Group], sender: str, to: str, text: str, now: int) -> list[tuple[Group, bool]]:
    """Lets a text change the groups whose keywords it has; returns those, and whether its sender joined."""
    words = text.split()
    changed: list[tuple[Group, bool]] = []
    for group in groups:
        rule = group.auto_update
        if rule is None or rule.to != to:
            continue
        if rule.add is not None and rule.add.match(words):
            group.members[sender] = None
            changed.append((group, True))
        elif rule.remove is not None and rule.remove.match(words):
            group.members.pop(sender, None)
            changed.append((group, False))
        else:
            continue
        group.modified_at_ms = now
    return changed
