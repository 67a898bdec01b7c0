"""What a method and a path lead to, in a table that several products share."""

import pytest

from sinch_simulator.core.rest.routing import Found, Router, WrongMethod


def table() -> Router[str]:
    router: Router[str] = Router()
    router.add("GET", "/v1/{kind}/{name}", "any", ignore_case=True)
    router.add("GET", "/v1/Users/{name}", "user", ignore_case=True)
    router.add("DELETE", "/v1/Users/{name}", "delete user", ignore_case=True)
    router.add("POST", "/Strict/all", "strict")
    return router


@pytest.mark.parametrize(
    ("method", "path", "target", "parameters"),
    [
        ("GET", "/v1/users/Ann", "user", {"name": "Ann"}),
        ("GET", "/V1/USERS/Ann/", "user", {"name": "Ann"}),
        ("GET", "/v1/rooms/a%2Fb", "any", {"kind": "rooms", "name": "a/b"}),
        ("POST", "/Strict/all", "strict", {}),
        ("POST", "/Strict/all/", "strict", {}),
    ],
)
def test_a_request_line_leads_to_the_row_that_fits_best(
    method: str, path: str, target: str, parameters: dict[str, str]
) -> None:
    assert table().find(method, path) == Found(target, parameters)


@pytest.mark.parametrize("path", ["/", "", "/v1", "/v1/users/", "/v1/users/a/b", "/strict/all", "/Strict//all"])
def test_an_unknown_path_leads_nowhere(path: str) -> None:
    assert table().find("GET", path) is None


def test_a_method_that_a_path_does_not_take_is_told_from_an_unknown_path() -> None:
    assert table().find("POST", "/v1/users/Ann") == WrongMethod(("GET", "DELETE"), "user")
    assert table().find("GET", "/Strict/all") == WrongMethod(("POST",), "strict")
