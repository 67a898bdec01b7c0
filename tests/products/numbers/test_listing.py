"""Active numbers are listed by filters, in an order, in pages (docs/platform/numbers.md#3)."""

import pytest

from sinch_simulator.config import DEFAULT_NUMBER
from support.numbers_api import NumbersApi, numbers_api


async def with_numbers(api: NumbersApi) -> list[str]:
    """Rents five numbers; gives all that are active, in order."""
    rented = [await api.rent(region, type_) for region, type_ in KINDS]
    for number, name in zip(rented, ("e", "d", "c", "b", "a"), strict=True):
        await api.got("PATCH", f"/activeNumbers/{number['phoneNumber']}", {"displayName": name})
    return sorted([DEFAULT_NUMBER, *(number["phoneNumber"] for number in rented)])


KINDS = [("US", "LOCAL"), ("SE", "MOBILE"), ("US", "TOLL_FREE"), ("GB", "MOBILE"), ("SE", "LOCAL")]


@pytest.mark.parametrize("size", [1, 2, 4, 6, 100])
@pytest.mark.parametrize("order", ["phoneNumber", "displayName", "number", "display_name"])
async def test_pages_give_every_number_once_and_in_order(size: int, order: str) -> None:
    async with numbers_api() as api:
        numbers = await with_numbers(api)
        found, token = [], ""
        while True:
            page = await api.got("GET", f"/activeNumbers?pageSize={size}&orderBy={order}&pageToken={token}")
            assert page["totalSize"] == len(numbers)
            found += page["activeNumbers"]
            token = page["nextPageToken"]
            if not token:
                break
            assert len(page["activeNumbers"]) == size
        names = {"phoneNumber": "phoneNumber", "number": "phoneNumber"}
        keys = [each[names.get(order, "displayName")] for each in found]
        assert keys == sorted(keys)
        assert sorted(each["phoneNumber"] for each in found) == numbers


async def test_a_page_goes_on_where_the_one_before_ended_though_a_number_is_released() -> None:
    async with numbers_api() as api:
        numbers = await with_numbers(api)
        page = await api.got("GET", "/activeNumbers?pageSize=2")
        await api.got("POST", f"/activeNumbers/{numbers[1]}:release")
        following = await api.got("GET", f"/activeNumbers?pageSize=10&pageToken={page['nextPageToken']}")
        assert [each["phoneNumber"] for each in following["activeNumbers"]] == numbers[2:]


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("?type=LOCAL", {"+12", "+140", "+46"}),
        ("?type=MOBILE", {"+44", "+46"}),
        ("?regionCode=SE", {"+46"}),
        ("?regionCode=SE&type=LOCAL", {"+46"}),
        ("?capability=SMS&type=TOLL_FREE", set()),
        ("?capabilities=SMS&capabilities=VOICE&regionCode=GB", {"+44"}),
        ("?numberPattern.pattern=%2B44", {"+44"}),
        ("?numberPattern.pattern=404555&numberPattern.searchPattern=CONTAINS", {"+140"}),
        ("?numberPattern.pattern=0100&numberPattern.searchPattern=END", {"+140"}),
    ],
)
async def test_a_list_is_narrowed(query: str, begins: set[str]) -> None:
    async with numbers_api() as api:
        await with_numbers(api)
        found = await api.listed(query)
        assert {begin for begin in begins for number in found if number.startswith(begin)} == begins
        assert all(number.startswith(tuple(begins)) for number in found)


async def test_who_names_no_type_is_told_what_the_platform_would_list() -> None:
    async with numbers_api() as api:
        await api.listed("?type=LOCAL")
        assert await api.sim.codes() == []
        await api.listed()
        assert await api.sim.codes() == ["NUMBER_TYPE_DEFAULT"]


async def test_each_project_has_its_own_numbers() -> None:
    async with numbers_api() as api:
        other = NumbersApi(api.sim, await api.sim.application(world="default"))
        number = (await other.rent())["phoneNumber"]
        assert await api.listed() == [DEFAULT_NUMBER]
        assert set(await other.listed()) == {number, *other.application["numbers"]}
        assert (await api.ask("GET", f"/activeNumbers/{number}")).status == 404
