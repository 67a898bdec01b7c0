"""Which hosts are Sinch's."""

import re
from pathlib import Path

import pytest

from sinch_simulator.core.sinch_hosts import KNOWN_HOSTS, is_sinch_host


def test_every_host_of_the_documents_is_known(root: Path) -> None:
    text = (root / "docs/platform/sdks.md").read_text() + (root / "docs/platform/rest.md").read_text()
    named = set(re.findall(r"(?<![\w.{}\]-])((?:[a-z0-9-]+\.)+(?:sinch|clxcommunications|mblox)\.com)\b", text))
    assert "calling-use1.api.sinch.com" in named
    others = {"developers.sinch.com", "www.sinch.com", "community.sinch.com"}
    assert named - set(KNOWN_HOSTS) - others == set()


@pytest.mark.parametrize(
    "host", [*KNOWN_HOSTS, "CALLING.API.SINCH.COM", "calling.api.sinch.com.", "new.api.sinch.com", "sinch.com"]
)
def test_a_host_of_sinch_is_one(host: str) -> None:
    assert is_sinch_host(host)


@pytest.mark.parametrize("host", ["", "example.com", "notsinch.com", "sinch.com.example.org", "com", "localhost"])
def test_another_host_is_none(host: str) -> None:
    assert not is_sinch_host(host)
