"""Settings: every text is a value or one clear line."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.config import (
    DEFAULT_KEY,
    DEFAULT_NUMBER,
    DEFAULT_SECRET,
    ClockMode,
    ConfigError,
    ServerConfig,
    read_applications,
    read_credentials,
    read_number,
    read_url,
)

READERS: list[Callable[[str], object]] = [read_credentials, read_number, lambda text: read_url(text, "--callback-url")]


@given(text=st.text(max_size=80), reader=st.sampled_from(READERS))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_value_or_a_single_line(text: str, reader: Callable[[str], object]) -> None:
    message = "--"
    try:
        reader(text)
    except ConfigError as error:
        message = str(error)
    assert message.startswith("--")
    assert len(message.splitlines()) == 1


def test_without_any_setting_there_is_one_application() -> None:
    [application] = ServerConfig().applications
    assert (application.key, application.secret) == (DEFAULT_KEY, DEFAULT_SECRET)
    assert application.numbers == (DEFAULT_NUMBER,)
    assert read_applications([], {}) == ServerConfig().applications


def test_credentials_hold_one_colon() -> None:
    assert read_credentials("key:c2VjcmV0") == ("key", "c2VjcmV0")
    with pytest.raises(ConfigError):
        read_credentials("key:c2Vj:cmV0")


@pytest.mark.parametrize("secret", ["YXBwU2VjcmV0", "app-secret", "AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0ODw"])
def test_secrets_in_either_alphabet_with_or_without_padding_are_taken(secret: str) -> None:
    assert read_credentials(f"key:{secret}") == ("key", secret)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_out_is_a_positive_number(value: float) -> None:
    with pytest.raises(ConfigError, match="--callback-timeout"):
        ServerConfig(callback_timeout_s=value)


@pytest.mark.parametrize("clock", [ClockMode.MANUAL, ClockMode.AUTO])
def test_only_the_realtime_clock_has_a_speed(clock: ClockMode) -> None:
    with pytest.raises(ConfigError, match="--speed"):
        ServerConfig(clock=clock, speed=2.0)
    assert ServerConfig(speed=2.0).speed == 2.0


@pytest.mark.parametrize("url", ["http://user:word@127.0.0.1:1/", "https://word@app.test/", "http://@app.test/"])
def test_a_callback_url_with_credentials_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ConfigError, match="without user name and password") as refusal:
        read_url(url, "--callback-url")
    assert "word@" not in str(refusal.value)
