"""Every method of the numbers domain of the official SDKs, unmodified: PyPI sinch 1.1.4 and 2, and the Node SDK."""

import inspect
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sinch import SinchClient, SinchClientAsync
from sinch.domains.numbers import ActiveNumbers, AvailableNumbers, AvailableRegions, Callbacks
from sinch.domains.numbers.exceptions import NumbersException

from support.sdk_world import Account

RunProgram = Callable[[str, Mapping[str, str]], str]
HERE = Path(__file__).parent
GROUPS = {"available": AvailableNumbers, "active": ActiveNumbers, "regions": AvailableRegions, "callbacks": Callbacks}
EVERY_METHOD = {
    f"{group}.{name}"
    for group, of in GROUPS.items()
    for name, _ in inspect.getmembers(of, inspect.isfunction)
    if not name.startswith("_")
}
EVENTS = "http://127.0.0.1:9/events"


@pytest.fixture(params=[SinchClient, SinchClientAsync], ids=["blocking", "asynchronous"])
async def client(request: pytest.FixtureRequest, account: Account) -> AsyncIterator[Any]:
    """A client of either kind of ``sinch`` 1.1.4, which has no type hints."""
    made = request.param(project_id=account.project_id, key_id=account.key_id, key_secret=account.key_secret)
    made.configuration.disable_https = True
    made.configuration.auth_origin = made.configuration.numbers_origin = account.address
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
        result = getattr(getattr(client.numbers, group), name)(*arguments, **named)
        return await result if inspect.isawaitable(result) else result

    regions = await call("regions.list", number_types=["LOCAL", "MOBILE"])
    assert {each.region_code for each in regions.available_regions} == {"AU", "GB", "SE", "US"}
    search: dict[str, Any] = {"number_pattern": "+1201", "number_search_pattern": "START", "capabilities": ["SMS"]}
    [first, *_] = (await call("available.list", "US", "LOCAL", **search)).available_numbers
    assert first.phone_number.startswith("+1201")
    assert (await call("available.check_availability", first.phone_number)).phone_number == first.phone_number
    assert (await call("callbacks.update_configuration", "a test secret")).hmac_secret == "a test secret"
    assert (await call("callbacks.get_configuration")).hmac_secret == "a test secret"
    assert (await call("available.activate", first.phone_number)).phone_number == first.phone_number
    rented = await call("available.rent_any", "US", "LOCAL", {"pattern": "303"}, callback_url=EVENTS)
    assert (rented.phone_number[:5], rented.callback_url) == ("+1303", EVENTS)
    updated = await call(
        "active.update", first.phone_number, display_name="Sales", voice_configuration={"appId": account.key}
    )
    assert updated.display_name == "Sales"
    account.advance(2)
    got = await call("active.get", first.phone_number)
    assert got.voice_configuration["appId"] == account.key
    page = await call("active.list", "US", "LOCAL", page_size=2)
    assert len(page.result.active_numbers) == 2
    assert page.has_next_page
    released = await call("active.release", first.phone_number)
    assert released.expire_at == released.next_charge_date
    with pytest.raises(NumbersException, match="no active number"):
        await call("active.get", first.phone_number)
    assert called == EVERY_METHOD


def test_every_method_of_python_2(run_sinch_2: RunProgram, account: Account) -> None:
    told = json.loads(run_sinch_2((HERE / "numbers_every_method.py").read_text(), account.environment))
    assert told["called"] == told["all"]


def test_every_method_of_node(run_node: RunProgram, account: Account) -> None:
    printed = run_node((HERE / "numbers_every_method.mjs").read_text(), account.environment)
    told = json.loads(printed.splitlines()[-1])
    assert told["called"] == told["all"]


def test_the_block_of_the_page_prints_numbers(run_sinch_2: RunProgram, account: Account) -> None:
    page = (HERE.parents[1] / "docs" / "numbers.md").read_text()
    [program] = re.findall(r"<!-- name: python -->\n```python\n(.*?)```", page, re.DOTALL)
    ours = {
        "http://127.0.0.1:7462": account.url,
        "00000000-0000-4000-8000-000000007463": account.project_id,
        "00000000-0000-4000-8000-000000007464": account.key_id,
        "sinch-simulator-key-secret": account.key_secret,
    }
    for published, own in ours.items():
        program = program.replace(published, own)
    printed = run_sinch_2(program, account.environment).splitlines()
    assert [line.split()[1] for line in printed] == ["0.80"] * 10
