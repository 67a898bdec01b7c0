"""Lets an app keep groups of numbers (docs/platform/sms.md#10)."""

import re
from collections.abc import Iterable
from typing import Any

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import BoundedText, Nested
from sinch_simulator.core.schema.shapes import ABSENT, Field, Shape, Values
from sinch_simulator.core.schema.words import shown
from sinch_simulator.products.sms.batch import wire_number
from sinch_simulator.products.sms.errors import CONSTRAINT, XmsError, not_found
from sinch_simulator.products.sms.groups import AutoUpdate, Group, Keywords, changed_list
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.rest.fields import GroupId, Listed, Msisdn, XmsFindings, read_json, read_object
from sinch_simulator.products.sms.rest.plans import endpoint
from sinch_simulator.products.sms.rest.queries import Query, page
from sinch_simulator.products.sms.rest.views import group_view

MOST_MEMBERS = 10_000
MOST_CHILDREN = 10
_LONGEST_NAME = 20
_WORD = re.compile(r"\w{1,15}")


def _word(name: str, *, required: bool = False) -> Field:
    right = "a word of 1 to 15 letters, digits or underscores"
    return BoundedText(name, "what a text begins with", pattern=_WORD, phrase=right, required=required)


KEYWORDS = Shape("keywords", (_word("first_word", required=True), _word("second_word")))
AUTO_UPDATE = Shape(
    "auto_update",
    (
        Msisdn("to", "the number that texts come to", required=True),
        Nested("add", "who texts this joins", shape=KEYWORDS),
        Nested("remove", "who texts this leaves", shape=KEYWORDS),
    ),
)


def _numbers(name: str, meaning: str, *, required: bool = False) -> Field:
    return Listed(name, meaning, of=Msisdn(), most=MOST_MEMBERS, required=required)


def _group_ids(name: str, meaning: str) -> Field:
    return Listed(name, meaning, of=GroupId(), most=MOST_CHILDREN)


_NAME = BoundedText("name", "what people call it", longest=_LONGEST_NAME)
_CHILDREN = _group_ids("child_groups", "the groups in it")
_RULE = Nested("auto_update", "keywords by which people join and leave", shape=AUTO_UPDATE)
NEW = Shape("a group", (_NAME, _numbers("members", "the numbers in it"), _CHILDREN, _RULE))
REPLACED = Shape("a group", (_NAME, _numbers("members", "the numbers in it", required=True), _CHILDREN, _RULE))
CHANGED = Shape(
    "changes of a group",
    (
        BoundedText("name", "what people call it; null: nothing", longest=_LONGEST_NAME, nullable=True),
        _numbers("add", "numbers that come to it"),
        _numbers("remove", "numbers that go"),
        GroupId("add_from_group", "a group whose members come to it"),
        GroupId("remove_from_group", "a group whose members go"),
        _group_ids("child_groups_add", "groups that come into it"),
        _group_ids("child_groups_remove", "groups that go out of it"),
        _RULE,
    ),
)


def post_group(request: PlatformRequest) -> Answer:
    """Makes a group."""
    values = _read(NEW, request)
    _refuse_name(request, values["name"], None)
    _refuse_strangers(request, values["child_groups"])
    group = sms_of(request.world).new_group(request.application, request.world.now)
    _fill(group, values)
    return json_answer(_view(request, group), 201)


def get_groups(request: PlatformRequest) -> Answer:
    """Lists the groups, newest first."""
    groups = sms_of(request.world).groups_of(request.application)[::-1]
    return json_answer(page(Query.of(request), "groups", groups, lambda group: _view(request, group)))


def get_group(request: PlatformRequest) -> Answer:
    """Shows a group."""
    return json_answer(_view(request, _group_of(request)))


def get_members(request: PlatformRequest) -> Answer:
    """Lists the numbers in a group."""
    return json_answer([wire_number(member) for member in _group_of(request).members])


def update_group(request: PlatformRequest) -> Answer:
    """Changes a group: numbers come, then numbers go."""
    group = _group_of(request)
    values = _read(CHANGED, request)
    name, groups = values["name"], sms_of(request.world).groups
    _refuse_name(request, None if name is ABSENT else name, group)
    others = [values[each] for each in ("add_from_group", "remove_from_group") if values[each] is not None]
    _refuse_strangers(request, (*others, *(values["child_groups_add"] or ())))
    added, removed = [*(values["add"] or ())], [*(values["remove"] or ())]
    if values["add_from_group"] is not None:
        added += groups[values["add_from_group"]].members
    if values["remove_from_group"] is not None:
        removed += groups[values["remove_from_group"]].members
    members = changed_list(group.members, added, removed)
    children = changed_list(group.child_groups, values["child_groups_add"] or (), values["child_groups_remove"] or ())
    _refuse_too_many(members, children)
    group.members, group.child_groups, group.modified_at_ms = members, tuple(children), request.world.now
    if name is not ABSENT:
        group.name = name
    if values["auto_update"] is not None:
        group.auto_update = _rule(values["auto_update"])
    return json_answer(_view(request, group))


def replace_group(request: PlatformRequest) -> Answer:
    """Gives a group other members, and all else anew."""
    group = _group_of(request)
    values = _read(REPLACED, request)
    _refuse_name(request, values["name"], group)
    _refuse_strangers(request, values["child_groups"])
    _fill(group, values)
    group.modified_at_ms = request.world.now
    return json_answer(_view(request, group))


def delete_group(request: PlatformRequest) -> Answer:
    """Deletes a group; batches to it reach nobody there any more."""
    del sms_of(request.world).groups[_group_of(request).id]
    return Answer(200)


# ---- what several have in common


def _read(shape: Shape, request: PlatformRequest) -> Values:
    findings = XmsFindings()
    values = read_object(shape, read_json(request), findings)
    request.diagnose(findings.found)
    return values


def _fill(group: Group, values: Values) -> None:
    group.name = values["name"]
    group.members = dict.fromkeys(values["members"])
    group.child_groups = tuple(dict.fromkeys(values["child_groups"]))
    group.auto_update = None if values["auto_update"] is None else _rule(values["auto_update"])


def _rule(values: Values) -> AutoUpdate:
    return AutoUpdate(values["to"], _keywords(values["add"]), _keywords(values["remove"]))


def _keywords(values: Values | None) -> Keywords | None:
    return None if values is None else Keywords(values.text("first_word"), values.text_or_none("second_word"))


def _view(request: PlatformRequest, group: Group) -> dict[str, Any]:
    return group_view(group, sms_of(request.world).size(group), request.world.epoch_ms)


def _group_of(request: PlatformRequest) -> Group:
    group = sms_of(request.world).groups.get(request.parameters["group_id"])
    if group is None or group.application_key != request.application.key:
        raise not_found("group")
    return group


def _refuse_name(request: PlatformRequest, name: str | None, own: Group | None) -> None:
    for group in sms_of(request.world).groups_of(request.application):
        if name is not None and group.name == name and group is not own:
            text = f"There is a group with the name {shown(name)} already."
            raise XmsError(403, "conflict_group_name", text, hint=f"it is {group.id}", path="name")


def _refuse_strangers(request: PlatformRequest, group_ids: Iterable[str]) -> None:
    groups = sms_of(request.world).groups
    for group_id in group_ids:
        group = groups.get(group_id)
        if group is None or group.application_key != request.application.key:
            hint = "GET groups lists those that there are"
            raise XmsError(403, "unknown_group", f"Group {shown(group_id)} is unknown or deleted.", hint=hint)


def _refuse_too_many(members: dict[str, None], children: dict[str, None]) -> None:
    for what, count, most in (("members", len(members), MOST_MEMBERS), ("child_groups", len(children), MOST_CHILDREN)):
        if count > most:
            text = f"The group would have {count} {what}."
            raise XmsError(400, CONSTRAINT, text, hint=f"at most {most}", path=what)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    endpoint("POST", "/groups", post_group, "makes a group"),
    endpoint("GET", "/groups", get_groups, "the groups"),
    endpoint("GET", "/groups/{group_id}", get_group, "a group"),
    endpoint("POST", "/groups/{group_id}", update_group, "changes a group"),
    endpoint("PUT", "/groups/{group_id}", replace_group, "replaces a group"),
    endpoint("DELETE", "/groups/{group_id}", delete_group, "deletes a group"),
    endpoint("GET", "/groups/{group_id}/members", get_members, "the numbers in a group"),
)
