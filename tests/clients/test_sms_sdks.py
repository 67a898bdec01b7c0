"""Every method of the sms domain of the official SDKs, unmodified: PyPI sinch 1.1.4 and 2, and the Node SDK."""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sinch import SinchClient, SinchClientAsync
from sinch.domains.sms import SMSBatches, SMSDeliveryReports, SMSGroups, SMSInbounds
from sinch.domains.sms.exceptions import SMSException

from support.sdk_world import Account

RunProgram = Callable[[str, Mapping[str, str]], str]
HERE = Path(__file__).parent
GROUPS = {
    "batches": SMSBatches, "delivery_reports": SMSDeliveryReports, "groups": SMSGroups, "inbounds": SMSInbounds,
}  # fmt: skip
EVERY_METHOD = {
    f"{group}.{name}"
    for group, of in GROUPS.items()
    for name, _ in inspect.getmembers(of, inspect.isfunction)
    if not name.startswith("_")
}
ANNA, BEN, FAILS = "+46700000001", "+46700000002", "+14045550130"
BY_PROJECT = pytest.mark.parametrize("ways", [{}, {"BY_PROJECT": "1"}], ids=["by service plan", "by project"])


@pytest.fixture(params=[SinchClient, SinchClientAsync], ids=["blocking", "asynchronous"])
async def client(request: pytest.FixtureRequest, account: Account) -> AsyncIterator[Any]:
    """A client of either kind of ``sinch`` 1.1.4, which has no type hints."""
    made = request.param(service_plan_id=account.service_plan_id, sms_api_token=account.api_token)
    made.configuration.disable_https = True
    # Some of its methods go to the host of the other kind of credentials.
    made.configuration.sms_origin = made.configuration.sms_origin_with_service_plan_id = account.address
    yield made
    if isinstance(made, SinchClient):
        made.configuration.transport.http_session.close()
    elif made.configuration.transport.http_session is not None:
        await made.configuration.transport.close_session()


async def test_every_method_of_python_1(client: Any, account: Account) -> None:
    called: set[str] = set()

    async def call(method: str, *arguments: object, **named: object) -> Any:
        called.add(method)
        group, name = method.split(".")
        result = getattr(getattr(client.sms, group), name)(*arguments, **named)
        return await result if inspect.isawaitable(result) else result

    number, to = account.number, [ANNA, FAILS]
    sent = await call(
        "batches.send", "Hi", "none", to, from_=number, client_reference="r1", feedback_enabled=True
    )
    assert (sent.type, sent.to) == ("mt_text", [ANNA[1:], FAILS[1:]])
    waiting = await call("batches.send", "Later", "none", [ANNA], from_=number, send_at="2025-01-16T10:00:00Z")
    assert (await call("batches.update", waiting.id, to_add=[BEN], body="Sooner")).to == [ANNA[1:], BEN[1:]]
    again: dict[str, Any] = {"from_": number, "send_at": "2025-01-16T10:00:00Z"}
    assert (await call("batches.replace", waiting.id, [BEN], "Once more", **again)).body == "Once more"
    assert (await call("batches.get", waiting.id)).id == waiting.id
    assert (await call("batches.cancel", waiting.id)).id == waiting.id
    assert len((await call("batches.list", page_size=2)).result.batches) == 2
    dry = await call("batches.send_dry_run", to, "я" * 80, per_recipient=True, from_=number)
    assert dry.number_of_messages == 4
    account.advance(1)
    report = await call("delivery_reports.get_for_batch", sent.id, type_="full")
    assert [(each["code"], each["count"]) for each in report.statuses] == [(0, 1), (100, 1)]
    assert (await call("delivery_reports.get_for_number", sent.id, ANNA)).status == "Delivered"
    assert len((await call("delivery_reports.list", status="Failed")).result.delivery_reports) == 1
    await call("batches.send_delivery_feedback", sent.id, [ANNA])
    await groups_and_inbounds(call, account)
    assert called == EVERY_METHOD


async def groups_and_inbounds(call: Callable[..., Any], account: Account) -> None:
    group = await call("groups.create", "Staff", members=[ANNA])
    assert (group.name, group.size) == ("Staff", 1)
    rule = {"to": account.number, "add": {"first_word": "JOIN"}, "remove": {"first_word": "STOP"}}
    assert (await call("groups.update", group.id, name="Crew", add=[BEN], auto_update=rule)).size == 2
    account.control("POST", "/messages", {"application": account.key, "from": "+46700000005", "text": "join us"})
    members = await call("groups.get_group_phone_numbers", group.id)
    assert members.phone_numbers == [ANNA[1:], BEN[1:], "46700000005"]
    assert (await call("groups.replace", group.id, [BEN])).size == 1
    assert (await call("groups.get", group.id)).id == group.id
    assert [each.id for each in (await call("groups.list", page_size=1)).result.groups] == [group.id]
    await call("groups.delete", group.id)
    # A 404 has no body, in which this SDK looks for a text.
    with pytest.raises((SMSException, KeyError)):
        await call("groups.get", group.id)
    [inbound] = (await call("inbounds.list", to=account.number)).result.inbounds
    assert inbound.body == "join us"
    # The SDK gets the text, and then fails to make its own answer of it.
    with pytest.raises(TypeError, match="origin_number"):
        await call("inbounds.get", inbound.id)


@BY_PROJECT
def test_every_method_of_python_2(run_sinch_2: RunProgram, account: Account, ways: dict[str, str]) -> None:
    program = (HERE / "sms_every_method.py").read_text()
    told = json.loads(run_sinch_2(program, {**account.environment, **ways}))
    assert told["called"] == told["all"]


@BY_PROJECT
def test_every_method_of_node(run_node: RunProgram, account: Account, ways: dict[str, str]) -> None:
    printed = run_node((HERE / "sms_every_method.mjs").read_text(), {**account.environment, **ways})
    told = json.loads(printed.splitlines()[-1])
    assert told["called"] == told["all"]
