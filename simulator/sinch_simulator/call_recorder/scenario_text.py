"""Writes recorded calls as a scenario file."""

from typing import Any

import yaml

from sinch_simulator.call_recorder.recorder import Recorder


def scenario_text(recorder: Recorder, name: str) -> str:
    """Writes the file, as text."""
    parts = [f"name: {_dumped(name)}", "description: Recorded from what happened.\n"]
    if recorder.phones:
        parts.append("phones:\n")
        parts += [f"  {_dumped(address).strip()}: {_dumped(phone)}" for address, phone in recorder.phones.items()]
    parts.append("steps:\n")
    parts += [f"  - {step.key}: {_dumped(step.value)}" for step in recorder.steps()]
    return "".join(parts)


def _dumped(value: Any) -> str:  # JSON-ready, of any shape
    """Writes a value on one line, with its line break."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, width=1_000_000)
    return text.removesuffix("...\n")
