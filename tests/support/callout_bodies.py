"""Callout bodies for tests: a good one of each method, and what comes of it when it is changed."""

from collections.abc import Iterable

import pytest

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.products.voice.callouts.reading import Callout, ReadCallout, read_callout

NUMBER = {"type": "number", "endpoint": "+14045005000"}
TTS: dict[str, object] = {"cli": "+14045001000", "destination": NUMBER, "text": "Hello"}
CONFERENCE: dict[str, object] = {"cli": "+14045001000", "destination": NUMBER, "conferenceId": "room"}
CUSTOM: dict[str, object] = {"cli": "+14045001000", "destination": NUMBER}
BODIES = {"ttsCallout": TTS, "conferenceCallout": CONFERENCE, "customCallout": CUSTOM}
HANGUP = '{"action":{"name":"hangup"}}'
CONTINUE = '{"action":{"name":"continue"}}'


def read(method: str, headers: Iterable[tuple[str, str]] = (), /, **changes: object) -> ReadCallout:
    """A good body of this method with changes; ``...`` takes a property out."""
    body = {name: value for name, value in {**BODIES[method], **changes}.items() if value is not ...}
    return read_callout({"method": method, method: body}, headers)


def accepted(method: str, **changes: object) -> Callout:
    """The callout of a body that gives no cause for a word."""
    result = read(method, **changes)
    assert result.diagnostics == ()
    return result.callout


def told(method: str, code: str, **changes: object) -> tuple[Callout, Diagnostic]:
    """The callout of a body about which exactly one thing is told."""
    result = read(method, **changes)
    assert [found.code for found in result.diagnostics] == [code]
    return result.callout, result.diagnostics[0]


def refused_with(code: ErrorCode, parameter: str, method: str, **changes: object) -> ApiError:
    """The error of a changed body, which must name the parameter."""
    with pytest.raises(ApiError) as caught:
        read(method, **changes)
    assert caught.value.code is code, caught.value.message
    assert f"'{parameter}'" in caught.value.message
    return caught.value
