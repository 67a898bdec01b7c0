"""Writes what the command finds around it: its variables, and the files that these name.

Each variable is there for programs that read it; what the user had set in it is kept (authorities, options, exceptions
from the proxy) unless it would lead a Sinch host past the simulator.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from attrs import define, field, frozen

from sinch_simulator.core.sinch_hosts import DOMAINS, KNOWN_HOSTS, is_sinch_host
from sinch_simulator.intercept.certificates import STORE_PASSWORD, java_stores, java_trust_store, system_bundles

_HOOKS = Path(__file__).parent / "hooks"
_BUNDLE_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_EXTRA_VARIABLES = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
_CURL_OPTION = re.compile(r"\s*-{0,2}([\w.-]+)[\s=:]*\"?([^\"]*?)\"?\s*$")
_CURL_PROXY_OPTIONS = frozenset(
    {"x", "proxy", "proxy1.0", "preproxy", "noproxy", "socks4", "socks4a", "socks5", "socks5-hostname"}
)
_JAVA_STORE = "trusted.jks"
_NOT_BY_PROXY = ("localhost", "127.0.0.1", "::1")


@frozen
class Doors:
    """Where Sinch's hosts are: ``port`` of the proxy on 127.0.0.1, and the address that stands for each of them."""

    port: int
    marker: str
    strict: bool


@define
class Surroundings:
    """The files, in a folder that the caller makes and removes, and the variables of one command."""

    folder: Path
    doors: Doors
    authority: str
    """Our authority's certificate, as PEM text."""
    variables: dict[str, str] = field(init=False, factory=dict)

    def prepare(self, environment: Mapping[str, str]) -> None:
        """Writes the files and fills ``variables``, which begin as a copy of this environment."""
        self.variables = dict(environment)
        self._write("authority.pem", self.authority)
        self._lead_by_proxy()
        self._trust()
        self._hook_languages()
        self._configure_curl()

    def replaced_files(self) -> dict[str, str]:
        """Writes the files that stand in for those of the system, where it has such: names and trusted authorities."""
        files = {}
        hosts = Path("/etc/hosts").resolve()
        if hosts.is_file():
            files[str(hosts)] = str(self._write("hosts", self._hosts(_read(hosts))))
        order = Path("/etc/nsswitch.conf").resolve()
        if order.is_file():
            # The hosts file counts first, also where a service of the system is asked before it.
            text = re.sub(r"(?m)^(hosts:)\s*(?:files\b)?", r"\1 files ", _read(order))
            files[str(order)] = str(self._write("nsswitch.conf", text))
        for cache in map(Path, ("/var/run/nscd/socket", "/run/nscd/socket")):
            if cache.exists():
                files[str(cache.resolve())] = os.devnull
        stores = java_stores(self.variables.get("JAVA_HOME"))
        for places, ours in ((system_bundles(), "system.pem"), (stores, _JAVA_STORE)):
            if (self.folder / ours).is_file():
                files |= {str(place): str(self.folder / ours) for place in places}
        return files

    def _hosts(self, present: str) -> str:
        lines = present.splitlines()
        kept = [line for line in lines if not any(map(is_sinch_host, line.partition("#")[0].split()[1:]))]
        return "\n".join([*(f"{self.doors.marker} {host}" for host in KNOWN_HOSTS), *kept, ""])

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        return path

    def _lead_by_proxy(self) -> None:
        url = f"http://127.0.0.1:{self.doors.port}"
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            self.variables[name] = url
        for name in ("all_proxy", "ALL_PROXY"):
            if name in self.variables:
                self.variables[name] = url
        kept = {name: self.variables.get(name, "") for name in ("no_proxy", "NO_PROXY")}
        text = kept["no_proxy"] or kept["NO_PROXY"]
        exceptions = [each for each in map(str.strip, text.split(",")) if each and not _concerns_sinch(each)]
        for name in kept:
            self.variables[name] = ",".join(dict.fromkeys([*exceptions, *_NOT_BY_PROXY]))

    def _trust(self) -> None:
        bundles = system_bundles()
        system = self._write("system.pem", _read(bundles[0]) + self.authority) if bundles else None
        for name in _BUNDLE_VARIABLES:
            own = self.variables.get(name)
            if own and os.path.isfile(own):
                self.variables[name] = str(self._write(f"{name.lower()}.pem", _read(Path(own)) + self.authority))
            elif not own and system is not None:
                self.variables[name] = str(system)
        for name in _EXTRA_VARIABLES:
            own = self.variables.get(name)
            extra = _read(Path(own)) if own and os.path.isfile(own) else ""
            self.variables[name] = str(self._write(f"{name.lower()}.pem", extra + self.authority))
        if system is not None:
            (self.folder / _JAVA_STORE).write_bytes(java_trust_store(system.read_text(encoding="utf-8")))

    def _hook_languages(self) -> None:
        settings = {
            "proxy": ["127.0.0.1", self.doors.port],
            "domains": list(DOMAINS),
            "marker": self.doors.marker,
            "authority": str(self.folder / "authority.pem"),
            "strict": self.doors.strict,
        }
        python = self.folder / "python"
        shutil.copytree(_HOOKS / "python", python, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(_HOOKS / "node.cjs", self.folder)
        self._write("settings.json", json.dumps(settings))
        (python / "sinch_exec_settings.py").write_text(f"SETTINGS = {settings!r}\n", encoding="utf-8")
        self._put_before("PYTHONPATH", str(python), os.pathsep)
        self._put_before("NODE_OPTIONS", f'--require "{self.folder / "node.cjs"}"', " ")
        self._put_behind("JAVA_TOOL_OPTIONS", " ".join(self._java_options()), " ")
        php = self.folder / "php"
        php.mkdir()
        if "SSL_CERT_FILE" in self.variables:
            bundle = self.variables["SSL_CERT_FILE"]
            (php / "sinch.ini").write_text(f'curl.cainfo="{bundle}"\nopenssl.cafile="{bundle}"\n', encoding="utf-8")
            # An empty part stands for the folder that PHP was built with.
            self.variables["PHP_INI_SCAN_DIR"] = self.variables.get("PHP_INI_SCAN_DIR", "") + os.pathsep + str(php)

    def _java_options(self) -> list[str]:
        options = ["-Dhttp.nonProxyHosts=localhost|127.*|[::1]"]
        for scheme in ("http", "https"):
            options += [f"-D{scheme}.proxyHost=127.0.0.1", f"-D{scheme}.proxyPort={self.doors.port}"]
        store = self.folder / _JAVA_STORE
        if store.is_file() and "javax.net.ssl.trustStore=" not in self.variables.get("JAVA_TOOL_OPTIONS", ""):
            option = f"-Djavax.net.ssl.trustStore={store}"
            options.append(f'"{option}"' if " " in option else option)
            options.append(f"-Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}")
        return options

    def _configure_curl(self) -> None:
        """curl reads one file of options; ours has the lines of the user's, without what would lead past the proxy."""
        own = _curlrc_of_the_user(self.variables)
        lines = [self._curl_line(line) for line in _read(own).splitlines()] if own else []
        lines += [f'connect-to = "{host}:443:127.0.0.1:{self.doors.port}"' for host in KNOWN_HOSTS]
        # Answers of a proxy would stand in what --include shows.
        lines.append("suppress-connect-headers")
        folder = self.folder / "curl"
        folder.mkdir()
        text = "\n".join([line for line in lines if line is not None] + [""])
        (folder / ".curlrc").write_text(text, encoding="utf-8", errors="surrogateescape")
        self.variables["CURL_HOME"] = str(folder)

    def _curl_line(self, line: str) -> str | None:
        match = _CURL_OPTION.match(line)
        name, value = match.groups() if match else ("", "")
        if name in _CURL_PROXY_OPTIONS:
            return None
        if name in ("connect-to", "resolve") and is_sinch_host(value.lstrip("+-").split(":")[0]):
            return None
        if name == "cacert" and os.path.isfile(value):
            return f'cacert = "{self._write("curl-cacert.pem", _read(Path(value)) + self.authority)}"'
        return line

    def _put_before(self, name: str, value: str, between: str) -> None:
        own = self.variables.get(name)
        self.variables[name] = f"{value}{between}{own}" if own else value

    def _put_behind(self, name: str, value: str, between: str) -> None:
        own = self.variables.get(name)
        self.variables[name] = f"{own}{between}{value}" if own else value


def _concerns_sinch(exception: str) -> bool:
    """Whether an entry of ``no_proxy`` would take a Sinch host past the proxy."""
    name = exception.lower().split(":")[0].lstrip("*").strip(".")
    return not name or is_sinch_host(name) or any(domain.endswith("." + name) for domain in DOMAINS)


def _curlrc_of_the_user(variables: Mapping[str, str]) -> Path | None:
    places = [(variables.get("CURL_HOME"), ".curlrc"), (variables.get("XDG_CONFIG_HOME"), "curlrc")]
    places += [(variables.get("HOME"), name) for name in (".curlrc", os.path.join(".config", "curlrc"))]
    for folder, name in places:
        if folder and os.path.isfile(path := os.path.join(folder, name)):
            return Path(path)
    return None


def _read(path: Path) -> str:
    """A file of the user's; certificates may have remarks in any encoding."""
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    return text if text.endswith("\n") else text + "\n"
