"""Writes the fidelity table as a page: ``python -m sinch_simulator.server.fidelity.page > docs/fidelity.md``."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sinch_simulator.server.fidelity.citations import anchors, linked
from sinch_simulator.server.fidelity.table import Kind, Status, rows

_HEAD = """# How faithful it is

Every thing that the simulator knows of the platform, and how we know that it is so. The same table as data is at
`GET /_simulator/fidelity`; a test compares it with the tables of the code. This page is generated:
`python -m sinch_simulator.server.fidelity.page > docs/fidelity.md`.

- **verified**: an official client goes through it in our tests, or published vectors and samples match.
- **documented**: the platform's documentation says so.
- **inferred**: nobody documents it; it follows from samples or older products, or is a choice of ours.
- **unsupported**: the platform has it, the simulator has not.

Sources are sections of the pages in [docs/platform](platform/README.md), which collect what the platform's
documentation, its SDKs and their samples say. "SDKs" are the official clients of [clients.md](clients.md), which go
through every method of their voice and numbers domains in our tests. "OpenAPI 1.0.1" and "OpenAPI 1.0.0" are the
published specifications of the API: requests, SVAML, callbacks and errors of the shapes of their examples are gone
through in our tests.

"""
_TITLES = {
    Kind.ENDPOINT: "Endpoints",
    Kind.HEADER: "Headers",
    Kind.FIELD: "Fields",
    Kind.ERROR: "Errors",
    Kind.EVENT: "Events",
    Kind.ACTION: "SVAML actions",
    Kind.INSTRUCTION: "SVAML instructions",
    Kind.COMMAND: "SVAML v2 commands (preview)",
    Kind.PROPERTY: "SVAML properties",
    Kind.BEHAVIOUR: "Behaviour",
}


def page(docs: Path) -> str:
    """Returns the page as Markdown; its sources link to the sections of ``docs/platform``, which are looked up."""
    pages = {path.stem: anchors(path.read_text(encoding="utf-8")) for path in docs.glob("platform/*.md")}
    counts = Counter(row.status for row in rows())
    parts = [_HEAD, "Of " + str(len(rows())) + " things: "]
    parts.append(", ".join(f"{counts[status]} {status.value}" for status in Status) + ".\n")
    for kind, title in _TITLES.items():
        parts.append(f"\n## {title}\n\n| name | how we know | source | remark |\n| --- | --- | --- | --- |\n")
        parts += [
            f"| `{row.name}` | {row.status.value} | {_cell(row.source, pages)} | {_cell(row.remark, pages)} |\n"
            for row in rows()
            if row.kind is kind
        ]
    return "".join(parts)


def _cell(text: str, pages: Mapping[str, Mapping[str, str]]) -> str:
    return linked(text, pages).replace("|", "\\|")


if __name__ == "__main__":
    print(page(Path("docs")), end="")
