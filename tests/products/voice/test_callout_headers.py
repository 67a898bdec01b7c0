"""The ``X-CB-*`` headers of a callout request."""

import pytest

from support.callout_bodies import BODIES, read


@pytest.mark.parametrize("method", list(BODIES))
def test_x_cb_headers_are_kept_as_they_were_sent(method: str) -> None:
    headers = [("Content-Type", "application/json"), ("X-CB-Order", "42"), ("x-cb-lower", ""), ("X-Cbx", "no")]
    result = read(method, headers)
    assert result.callout.headers == (("X-CB-Order", "42"), ("x-cb-lower", ""))
    assert result.diagnostics == ()


def test_a_header_at_the_limits_is_kept() -> None:
    header = ("X-CB-" + "n" * 27, " ~" * 64)
    assert read("ttsCallout", [header]).callout.headers == (header,)


@pytest.mark.parametrize(
    "header",
    [
        ("X-CB-" + "n" * 28, "v"),
        ("X-CB-a\r\nb", "v"),
        ("X-CB-a b", "v"),
        ("X-CB-é", "v"),
        ("X-CB-a", "v" * 129),
        ("X-CB-a", "é"),
        ("X-CB-a", "a\tb"),
        ("X-CB-a", "a\n"),
        ("X-CB-\udcff", "v"),
    ],
)
def test_a_header_beyond_the_limits_is_dropped_silently(header: tuple[str, str]) -> None:
    result = read("ttsCallout", [header, ("X-CB-good", "v")])
    assert result.callout.headers == (("X-CB-good", "v"),)
    assert [found.code for found in result.diagnostics] == ["XCB_DROPPED"]
    assert "\n" not in result.diagnostics[0].path


def test_the_first_five_headers_are_kept_and_a_bad_one_does_not_count() -> None:
    headers = [("X-CB-bad", "é"), *((f"X-CB-{number}", str(number)) for number in range(7))]
    result = read("ttsCallout", headers)
    assert result.callout.headers == tuple(headers[1:6])
    assert [found.path for found in result.diagnostics] == ["headers.X-CB-bad", "headers.X-CB-5", "headers.X-CB-6"]
