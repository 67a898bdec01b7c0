"""Reads what a test says about its simulator: its marker, then the command line, then the ini file."""

import math
import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from attrs import define, field

if TYPE_CHECKING:
    from sinch_scenarios.playing.session import Credentials

Value = object  # a marker's argument: whatever somebody wrote there

OUTCOMES = ("timeout", "unreachable", "bad-status", "bad-svaml", "bad-answer")
SEVERITIES = ("warning", "error")
PROTOCOLS = ("auto", "v1", "v2")
_OF_TESTS = ("clock", "seed", "allow_failures", "fail_on", "strict")


@define
class Settings:
    """The settings of one test."""

    clock: str
    seed: int
    fail_on: tuple[str, ...]
    """Outcomes of callbacks, and severities of findings."""
    allowed: tuple[str, ...]
    """Outcomes, events, ``event:outcome``, and codes of findings."""
    strict: bool = False
    """Whether what was scripted and not met fails the test."""
    application: dict[str, Any] = field(factory=dict)
    """As the marker has them: making the application checks them."""

    def condemns(self, event: str, outcome: str) -> bool:
        """Tells whether this outcome of this event fails the test."""
        return outcome in self.fail_on and not {event, outcome, f"{event}:{outcome}"} & set(self.allowed)


def option(config: pytest.Config, name: str, default: str) -> str:
    """Reads a setting of the session, as it was written."""
    typed = config.getoption(f"--sinch-{name}")
    return str(typed if typed is not None else config.getini(f"sinch_{name.replace('-', '_')}") or default)


def number(config: pytest.Config, name: str, default: str) -> float:
    """Reads a setting of the session that is a number."""
    text = option(config, name, default)
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        pytest.fail(f"--sinch-{name}: {text!r} is no number", pytrace=False)
    return found


def whole_number(config: pytest.Config, name: str, default: str) -> int:
    """Reads a setting of the session that is a whole number, 0 or more."""
    found = number(config, name, default)
    if found % 1 != 0 or found < 0:
        pytest.fail(f"--sinch-{name}: {found:g} is not possible; expected a whole number, 0 or more", pytrace=False)
    return int(found)


def callback_url(config: pytest.Config) -> str | None:
    """Reads where the session says that callbacks go; None when it says nothing."""
    url = option(config, "callback-url", "")
    if not url:
        return None
    from sinch_simulator.config import ConfigError, read_url

    try:
        return read_url(url, "--sinch-callback-url")
    except ConfigError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def credentials(config: pytest.Config) -> "Credentials | None":
    """Reads key and secret of the one application that the app knows; None when the session names none."""
    pair = option(config, "application", "")
    if not pair:
        return None
    from sinch_scenarios.playing.session import Credentials
    from sinch_simulator.config import ConfigError, read_credentials, read_other_credentials

    project, service_plan = option(config, "project", "") or None, option(config, "service-plan", "") or None
    try:
        others = read_other_credentials(project, service_plan, {})
        return Credentials(*read_credentials(pair, "--sinch-application"), others)
    except ConfigError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def settings_of(node: pytest.Item) -> Settings:
    """Reads everything that is said about this test; a nearer marker wins over one of its class or module."""
    given: dict[str, Value] = {}
    for mark in reversed(list(node.iter_markers("sinch"))):
        if mark.args:
            _refuse(node, f"{mark.args[0]!r} has no name; write it as in @pytest.mark.sinch(clock='auto')")
        given |= mark.kwargs
    known = (*_OF_TESTS, *_fields())
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            right = f"did you mean {close[0]!r}?" if close else _listed(known)
            _refuse(node, f"unknown argument {name!r}; {right}")
    config = node.config
    seed = given.get("seed", number(config, "seed", "0"))
    if isinstance(seed, bool) or not isinstance(seed, int | float) or seed % 1 != 0:
        _refuse(node, f"seed: {seed!r} is no whole number")
    return Settings(
        clock=str(given.get("clock", option(config, "clock", "manual"))),
        seed=int(seed),
        fail_on=_fail_on(node, given),
        allowed=_allowed(node, given),
        strict=_strict(node, given),
        application=_of_the_session(config) | {name: given[name] for name in _fields() if name in given},
    )


def _fields() -> tuple[str, ...]:
    """Returns what a test may say of its application: all but its world, which is always its own."""
    from sinch_simulator.embedded.application_fields import FIELDS

    return tuple(name for name in FIELDS if name not in ("world", *_OF_TESTS))


def _of_the_session(config: pytest.Config) -> dict[str, Any]:
    """Reads what the command line and the ini file say of every application."""
    url, own = callback_url(config), credentials(config)
    said = {"protocol": _protocol(config), **_project(config), **_service_plan(config)}
    if own is not None:
        said |= {"key": own.key, "secret": own.secret}
    return said if url is None else {**said, "callback_url": url}


def _project(config: pytest.Config) -> dict[str, str]:
    """Reads the project and its access key, where the app knows only one."""
    text = option(config, "project", "")
    if not text:
        return {}
    from sinch_simulator.config import ConfigError, read_project

    try:
        names = ("project_id", "key_id", "key_secret")
        return dict(zip(names, read_project(text, "--sinch-project"), strict=True))
    except ConfigError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _service_plan(config: pytest.Config) -> dict[str, str]:
    """Reads the service plan and its token, where the app knows only one."""
    text = option(config, "service-plan", "")
    if not text:
        return {}
    from sinch_simulator.config import ConfigError, read_service_plan

    try:
        return dict(zip(("service_plan_id", "api_token"), read_service_plan(text, "--sinch-service-plan"), strict=True))
    except ConfigError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _protocol(config: pytest.Config) -> str:
    """Reads which Voice API the session's calls that come in speak."""
    protocol = option(config, "protocol", "auto")
    if protocol not in PROTOCOLS:
        pytest.fail(f"--sinch-protocol: {protocol!r} is not known; {_listed(PROTOCOLS)}", pytrace=False)
    return protocol


def _fail_on(node: pytest.Item, given: dict[str, Value]) -> tuple[str, ...]:
    value = given.get("fail_on", option(node.config, "fail-on", ",".join(OUTCOMES)))
    words = _words(node, "fail_on", value)
    if words == ("none",):
        return ()
    words = _checked(node, "fail_on", words, (*OUTCOMES, *SEVERITIES, "none"))
    return words if set(words) - set(SEVERITIES) else (*OUTCOMES, *words)


def severities(config: pytest.Config) -> frozenset[str]:
    """Reads which severities of findings fail the session's scenario files."""
    words = option(config, "fail-on", "").replace(",", " ").split()
    return frozenset(words) & frozenset(SEVERITIES)


def _allowed(node: pytest.Item, given: dict[str, Value]) -> tuple[str, ...]:
    value = given.get("allow_failures", False)
    if isinstance(value, bool):
        return OUTCOMES if value else ()
    from sinch_simulator.embedded.webhook import event_names, is_event

    words = _words(node, "allow_failures", value)
    events = tuple(event for word in words if is_event(event := word.partition(":")[0]))
    pairs = tuple(f"{event}:{outcome}" for event in events for outcome in OUTCOMES)
    codes = tuple(word for word in words if word.isupper())
    return _checked(node, "allow_failures", words, (*OUTCOMES, *event_names()), (*events, *pairs, *codes))


def _strict(node: pytest.Item, given: dict[str, Value]) -> bool:
    value = given.get("strict", False)
    if not isinstance(value, bool):
        _refuse(node, f"strict: {value!r} is neither True nor False")
    return value


def _words(node: pytest.Item, name: str, value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if not isinstance(value, Iterable):
        _refuse(node, f"{name}: {value!r} is no list")
    return tuple(str(word) for word in value)


def typed_id(node: pytest.Item) -> str:
    """Gives the id of a test as pytest's FAILED line shows it: as it is typed where pytest was started."""
    path, colons, rest = node.nodeid.partition("::")
    folder, root = node.config.invocation_params.dir, node.config.rootpath
    return node.nodeid if folder == root else f"{os.path.relpath(root / path, folder)}{colons}{rest}"


def _checked(
    node: pytest.Item, name: str, words: tuple[str, ...], known: tuple[str, ...], more: tuple[str, ...] = ()
) -> tuple[str, ...]:
    for word in words:
        if word not in known and word not in more:
            form = ", event:outcome, or a finding's CODE" if more else ""
            _refuse(node, f"{name}: {word!r} is not known; {_listed(known)}{form}")
    return words


def _listed(known: Iterable[str]) -> str:
    return "known are " + ", ".join(known)


def _refuse(node: pytest.Item, why: str) -> NoReturn:
    pytest.fail(f"{node.nodeid}: sinch: {why}", pytrace=False)
