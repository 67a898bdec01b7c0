"""What a command finds around it, and what of the user's own settings is kept."""

import subprocess
from pathlib import Path

import pytest

from sinch_simulator.intercept.certificates import java_trust_store, system_bundles
from sinch_simulator.intercept.environment import Doors, Surroundings

AUTHORITY = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
DOORS = Doors(port=4711, marker="127.74.1.2", strict=False)
PROXY = "http://127.0.0.1:4711"


def surroundings(folder: Path, **environment: str) -> Surroundings:
    folder.mkdir(exist_ok=True)
    made = Surroundings(folder, DOORS, AUTHORITY)
    made.prepare(environment)
    return made


def variables(folder: Path, **environment: str) -> dict[str, str]:
    return surroundings(folder, **environment).variables


def test_the_users_proxies_are_replaced_by_ours(tmp_path: Path) -> None:
    own = {"https_proxy": "http://corp:3128", "HTTP_PROXY": "http://corp:3128", "ALL_PROXY": "socks5://corp"}
    made = variables(tmp_path / "f", **own)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        assert made[name] == PROXY
    assert "all_proxy" not in made


@pytest.mark.parametrize(
    "exception", ["*", ".sinch.com", "sinch.com", "com", "*.api.sinch.com", "CALLING.api.sinch.com:443"]
)
def test_no_exception_leads_a_sinch_host_past_the_proxy(tmp_path: Path, exception: str) -> None:
    made = variables(tmp_path / "f", no_proxy=f"db.internal,{exception},10.0.0.0/8")
    assert made["no_proxy"] == made["NO_PROXY"] == "db.internal,10.0.0.0/8,localhost,127.0.0.1,::1"


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"])
def test_the_users_own_authorities_stay_trusted(tmp_path: Path, name: str) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(b"# Z\xfcrich\n-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----")
    bundle = Path(variables(tmp_path / "f", **{name: str(own)})[name]).read_bytes()
    assert own.read_bytes() in bundle
    assert AUTHORITY.encode() in bundle


def test_options_of_the_user_stay(tmp_path: Path) -> None:
    own = {"NODE_OPTIONS": "--trace-warnings", "JAVA_TOOL_OPTIONS": "-Xmx1g"}
    made = variables(tmp_path / "f", PYTHONPATH="/mine", PHP_INI_SCAN_DIR="/php", **own)
    assert made["PYTHONPATH"].endswith(":/mine")
    assert made["NODE_OPTIONS"].endswith(" --trace-warnings")
    assert made["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g ")
    assert made["PHP_INI_SCAN_DIR"].startswith("/php:")


def test_a_trust_store_of_the_user_stays(tmp_path: Path) -> None:
    made = variables(tmp_path / "f", JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=/mine")
    assert made["JAVA_TOOL_OPTIONS"].count("trustStore") == 1


def test_curl_keeps_the_users_options_but_no_way_past_the_proxy(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("BBBB\n")
    led = ['connect-to = "calling.api.sinch.com:443:other:1"', "resolve = +auth.sinch.com:443:10.0.0.1"]
    kept = ["# mine", 'user-agent = "me"', 'connect-to = "a.example:1:b.example:2"', "silent"]
    theirs = [*led, "proxy = corp:3128", '--noproxy "*"', "x=corp", f"cacert {own}", *kept]
    (tmp_path / ".curlrc").write_text("\n".join(theirs))
    made = variables(tmp_path / "f", HOME=str(tmp_path))
    lines = (Path(made["CURL_HOME"]) / ".curlrc").read_text().splitlines()
    bundle = next(line for line in lines if line.startswith("cacert")).split('"')[1]
    assert Path(bundle).read_text() == "BBBB\n" + AUTHORITY
    assert 'connect-to = "calling.api.sinch.com:443:127.0.0.1:4711"' in lines
    others = [line for line in lines if "127.0.0.1:4711" not in line]
    assert others == [f'cacert = "{bundle}"', *kept, "suppress-connect-headers"]


def test_the_hosts_file_leads_to_the_marker_whatever_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n10.1.1.1 calling.api.sinch.com vpn # sinch\n10.1.1.2 other # sinch.com\n")
    nsswitch = tmp_path / "nsswitch.conf"
    nsswitch.write_text("passwd: files\nhosts:  resolve [!UNAVAIL=return] files dns\n")
    places = {"/etc/hosts": hosts, "/etc/nsswitch.conf": nsswitch}
    monkeypatch.setattr(
        "sinch_simulator.intercept.environment.Path", lambda text, *more: places.get(str(text)) or Path(text, *more)
    )
    files = surroundings(tmp_path / "f").replaced_files()
    lines = Path(files[str(hosts)]).read_text().splitlines()
    assert "127.74.1.2 us1.voice.api.sinch.com" in lines
    assert lines[-2:] == ["127.0.0.1 localhost", "10.1.1.2 other # sinch.com"]
    assert not any(line.startswith("10.1.1.1") for line in lines)
    assert "hosts: files resolve [!UNAVAIL=return] files dns" in Path(files[str(nsswitch)]).read_text()


def test_java_reads_the_trust_store(tmp_path: Path) -> None:
    bundle = system_bundles()[0].read_text()
    store = tmp_path / "trusted.jks"
    store.write_bytes(java_trust_store(bundle))
    command = ["keytool", "-list", "-keystore", str(store), "-storepass", "changeit"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert listed.stdout.count("trustedCertEntry") == bundle.count("BEGIN CERTIFICATE")
