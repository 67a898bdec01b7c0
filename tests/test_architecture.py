"""The import rule, checked on the source: who may know whom, and who may touch the outside world."""

import ast
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = [ROOT / name for name in ("simulator", "scenarios", "client_fixtures")]
PACKAGES = ("sinch_simulator", "sinch_scenarios", "locust_sinch", "pytest_sinch")

VERIFICATION = "sinch_simulator.products.verification"
NUMBERS = "sinch_simulator.products.numbers"
SMS = "sinch_simulator.products.sms"
NUMBER_ADMINISTRATION = "sinch_simulator.products.number_administration"
VOICE = "sinch_simulator.products.voice"
SERVER = (
    "sinch_simulator.__version__",
    "sinch_simulator.call_recorder",
    "sinch_simulator.config",
    "sinch_simulator.core",
    "sinch_simulator.phones",
    "sinch_simulator.server",
    "sinch_simulator.simulation",
)
EMBEDDED = (
    "sinch_simulator.client",
    "sinch_simulator.config",
    "sinch_simulator.core",
    "sinch_simulator.embedded",
    "sinch_simulator.ladder",
    "sinch_simulator.phones",
    "sinch_simulator.server",
    "sinch_simulator.simulation",
)

# Who (the longest prefix counts) may import what of ours; a name stands for itself and for what is below it.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "sinch_simulator": ("sinch_simulator.embedded", "sinch_simulator.client.errors", "sinch_simulator.strategies"),
    "sinch_simulator.__main__": ("sinch_simulator.cli",),
    "sinch_simulator.core": ("sinch_simulator.core",),
    "sinch_simulator.phones": ("sinch_simulator.core", "sinch_simulator.phones"),
    "sinch_simulator.products": (),
    # The page with the tables of all state machines.
    "sinch_simulator.products.states": ("sinch_simulator.products",),
    VOICE: ("sinch_simulator.core", "sinch_simulator.phones.signals", VOICE),
    VERIFICATION: (
        "sinch_simulator.core",
        "sinch_simulator.phones.app_signals",
        "sinch_simulator.phones.signals",
        VERIFICATION,
    ),
    f"{VERIFICATION}.control": ("sinch_simulator.core", "sinch_simulator.phones", VERIFICATION),
    NUMBERS: ("sinch_simulator.core", "sinch_simulator.phones.signals", NUMBERS),
    NUMBER_ADMINISTRATION: ("sinch_simulator.core", NUMBER_ADMINISTRATION),
    # A control request is what somebody outside does, and it says who that is: a persona.
    f"{VOICE}.control": ("sinch_simulator.core", "sinch_simulator.phones", VOICE),
    SMS: ("sinch_simulator.core", "sinch_simulator.phones.signals", SMS),
    # Products are known by their pages alone, and their pages to one file; and to what carries out what they order.
    "sinch_simulator.simulation": ("sinch_simulator.core", "sinch_simulator.phones"),
    "sinch_simulator.config": ("sinch_simulator.core",),
    "sinch_simulator.ladder": ("sinch_simulator.ladder",),
    "sinch_simulator.call_recorder": ("sinch_simulator.call_recorder", "sinch_simulator.core.values"),
    "sinch_simulator.server": SERVER,
    "sinch_simulator.server.products": (*SERVER, "sinch_simulator.products"),
    "sinch_simulator.server.voice_io": (*SERVER, VOICE),
    "sinch_simulator.server.voice_v2_io": (*SERVER, VOICE),
    "sinch_simulator.server.control.ladder": (*SERVER, "sinch_simulator.ladder"),
    "sinch_simulator.server.control.streams": (*SERVER, VOICE),
    "sinch_simulator.server.control.save_as_test": (*SERVER, VOICE),
    "sinch_simulator.intercept": ("sinch_simulator.intercept", "sinch_simulator.core.sinch_hosts"),
    "sinch_simulator.samples": (
        "sinch_simulator.config",
        "sinch_simulator.core.signing",
        "sinch_simulator.samples",
    ),
    "sinch_simulator.strategies": (),
    "sinch_simulator.client": ("sinch_simulator.client", "sinch_simulator.core"),
    "sinch_simulator.embedded": EMBEDDED,
    # The one place where a program's simulator knows of scenario files; it imports them when the first is played.
    "sinch_simulator.embedded.play_scenario": (*EMBEDDED, "sinch_scenarios"),
    "sinch_scenarios": (
        "sinch_scenarios",
        "sinch_simulator.call_recorder",
        "sinch_simulator.client",
        "sinch_simulator.core",
        "sinch_simulator.embedded",
        "sinch_simulator.ladder",
        "sinch_simulator.phones",
        "sinch_simulator.samples",
    ),
    "pytest_sinch": (
        "pytest_sinch",
        "sinch_scenarios",
        "sinch_simulator.client",
        "sinch_simulator.config",
        "sinch_simulator.embedded",
        "sinch_simulator.ladder",
    ),
    "locust_sinch": ("locust_sinch", "sinch_scenarios.language", "sinch_scenarios.load"),
    "sinch_simulator.cli": PACKAGES,
    "sinch_simulator.commands": PACKAGES,
}

_PURE = ("call_recorder", "config", "core", "ladder", "phones", "products", "simulation")
PURE = tuple(f"sinch_simulator.{name}" for name in _PURE)
OUTSIDE_WORLD = {
    "aiohttp",
    "asyncio",
    "concurrent",
    "http",
    "multiprocessing",
    "os",
    "pathlib",
    "secrets",
    "select",
    "selectors",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
}
CALLS_OF_THE_OUTSIDE_WORLD = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def modules() -> Iterator[tuple[str, Path]]:
    for source_root in SOURCE_ROOTS:
        for path in sorted(source_root.rglob("*.py")):
            parts = path.relative_to(source_root).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


ALL_MODULES = dict(modules())


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(ALL_MODULES[module].read_text())


def imported_names(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Line and full name of each thing that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def rule_for(module: str) -> tuple[str, ...]:
    fitting = [prefix for prefix in MAY_IMPORT if prefix == module or module.startswith(prefix + ".")]
    return MAY_IMPORT[max(fitting, key=len)]


@pytest.mark.parametrize("module", ALL_MODULES)
def test_a_module_imports_only_whom_it_may_know(module: str) -> None:
    allowed = rule_for(module)
    tree = tree_of(module)
    forbidden = [
        f"{module}:{line} imports {name}"
        for line, name in imported_names(tree, module)
        if within(name, PACKAGES) and not within(name, allowed)
    ]
    assert forbidden == []


def runs_as_a_script(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)


@pytest.mark.parametrize("module", [module for module in ALL_MODULES if within(module, PURE)])
def test_the_pure_part_touches_nothing_of_the_outside_world(module: str) -> None:
    tree = tree_of(module)
    found = [
        f"{module}:{line} imports {name}"
        for line, name in imported_names(tree, module)
        if within(name, tuple(OUTSIDE_WORLD)) or (name.startswith("random.") and name != "random.Random")
    ]
    for node in [inner for statement in tree.body if not runs_as_a_script(statement) for inner in ast.walk(statement)]:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            pair = (node.value.id, node.attr)
            if pair in CALLS_OF_THE_OUTSIDE_WORLD or (pair[0] == "random" and pair[1] != "Random"):
                found.append(f"{module}:{node.lineno} uses {pair[0]}.{pair[1]}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "input", "print")
        ):
            found.append(f"{module}:{node.lineno} calls {node.func.id}()")
    assert found == []


def runs_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What an import of the module executes: neither what stands in functions nor what is for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from (inner for statement in child.orelse for inner in [statement, *runs_at_import(statement)])
            continue
        yield child
        yield from runs_at_import(child)


@pytest.mark.parametrize("module", [module for module in ALL_MODULES if within(module, ("pytest_sinch",))])
def test_the_pytest_plugin_imports_nothing_of_ours_at_module_level(module: str) -> None:
    tree = tree_of(module)
    names = [
        name
        for statement in runs_at_import(tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for _, name in imported_names(statement, module)
    ]
    assert [name for name in names if within(name, ("sinch_simulator", "sinch_scenarios", "aiohttp"))] == []


@pytest.mark.parametrize("module", ALL_MODULES)
def test_a_file_stays_under_four_hundred_lines(module: str) -> None:
    assert len(ALL_MODULES[module].read_text().splitlines()) < 400


def test_every_rule_is_about_a_module_that_exists() -> None:
    """A rule whose module was renamed would guard nothing."""
    written = {prefix for prefix in MAY_IMPORT if not any(within(module, (prefix,)) for module in ALL_MODULES)}
    assert written == set()


# ---- no circles


def imports_when_it_runs(node: ast.AST) -> Iterator[str]:
    """Full names of all that is imported, in functions too, but not what is for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        yield from imports_when_it_runs(child)


def module_of(name: str) -> str:
    while name and name not in ALL_MODULES:
        name = name.rpartition(".")[0]
    return name


@lru_cache(maxsize=1)
def imports_of_modules() -> dict[str, set[str]]:
    return {
        module: {module_of(name) for name in imports_when_it_runs(tree_of(module))} - {"", module}
        for module in ALL_MODULES
    }


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """The groups in which each leads to each other (Tarjan's algorithm)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in sorted(arrows.get(node, ())):
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(arrows):
        if node not in order:
            visit(node)
    return found


def parts_of(folder: str) -> dict[str, set[str]]:
    """What stands in a folder, files and folders alike, and what of the same folder each imports."""

    def part(module: str) -> str:
        below = module.removeprefix(folder + ".").split(".")[0] if module.startswith(folder + ".") else ""
        return f"{folder}.{below}" if below else ""

    arrows: dict[str, set[str]] = {}
    for module, others in imports_of_modules().items():
        own = part(module)
        if own:
            arrows.setdefault(own, set()).update({part(other) for other in others} - {"", own})
    return arrows


FOLDERS = sorted({module.rpartition(".")[0] for module in ALL_MODULES} - {""})


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(imports_of_modules()) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_stands_in_a_folder_makes_no_circle(folder: str) -> None:
    assert circles(parts_of(folder)) == []


# What opens a connection, or looks a name up. A client of a simulator, and a proxy of a command, do nothing else.
WAYS_OUT = {
    "ClientSession",
    "TCPConnector",
    "UnixConnector",
    "create_connection",
    "create_datagram_endpoint",
    "open_connection",
    "sock_connect",
    "connect",
    "connect_ex",
    "getaddrinfo",
    "gethostbyname",
    "urlopen",
    "ws_connect",
}
MODULES_WITH_WAYS_OUT = ("azure", "boto3", "botocore", "ftplib", "http.client", "httpx", "requests", "urllib.request")
THE_WAY_OUT = "sinch_simulator.server.outbound"
# Asks who has the address that could not be bound: it is one of this machine.
ASKS_ITS_OWN_PORT = "sinch_simulator.server.refused_address"


@pytest.mark.parametrize("module", [name for name in ALL_MODULES if within(name, (*PURE, "sinch_simulator.server"))])
def test_a_simulator_has_one_way_out(module: str) -> None:
    if module in (THE_WAY_OUT, ASKS_ITS_OWN_PORT):
        return
    tree = tree_of(module)
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in called}
    # A WebSocket is opened on the client that the way out has made.
    allowed = {"ws_connect"} if module == "sinch_simulator.server.callback_sender" else set()
    assert not names & WAYS_OUT - allowed
    assert not [name for _, name in imported_names(tree, module) if within(name, MODULES_WITH_WAYS_OUT)]
