"""Writes recorded calls as a test for pytest with the fixture ``sinch``.

What people did and what was heard become lines of the test. A call in which the app acted on a conference of its own
accord is played as a scenario file by the test, because the fixture has no words for that.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sinch_simulator.call_recorder.recorder import PATIENCE_S, Json, Recorder, Step
from sinch_simulator.call_recorder.scenario_text import scenario_text
from sinch_simulator.core.values import define

_IN_WORDS = {"dial", "app_call", "sip_call", "callout", "expect_new_call", "expect", "hear", "wait"}
_IN_WORDS |= {"press", "speak", "hang_up"}
_LONGEST_TEXT = 120
"""Of what is heard so much is expected: any part of it will do."""
_MEETINGS = {
    "busy": "is_busy",
    "reject": "rejects",
    "no_answer": "does_not_answer",
    "unreachable": "is_unreachable",
    "congestion": "is_congested",
}


def pytest_text(recorder: Recorder, settings: Mapping[str, Json]) -> str:
    """Writes the test; ``settings`` are those of the application, by the names that the marker ``sinch`` has."""
    steps = recorder.steps()
    settings = {**settings, **_allowed_failures(recorder)}
    given = "".join(f"    {name}={_python(value)},\n" for name, value in settings.items() if value not in (None, []))
    told = all(step.key in _IN_WORDS for step in steps)
    body = _Test(recorder, steps).lines() if told else _lines_that_play(scenario_text(recorder, "A recorded call"))
    text = "".join(f"    {line}\n" if line else "\n" for line in body)
    return (
        '"""Recorded from a call that was played by hand."""\n\nimport pytest\n\n\n'
        f"@pytest.mark.sinch(\n{given})\ndef {_name(steps)}(sinch{'' if told else ', tmp_path'}):\n{text}"
    )


def _allowed_failures(recorder: Recorder) -> dict[str, Json]:
    failed = sorted({f"{event}:{outcome}" for (_, event), outcome in recorder.failed.items()})
    return {"allow_failures": failed} if failed else {}


def _name(steps: list[Step]) -> str:
    for step in steps:
        if step.key in ("dial", "app_call", "sip_call"):
            return f"test_a_call_from_{_word(step.value.get('from') or step.value.get('user'))}"
        if step.key in ("callout", "expect_new_call"):
            destination = step.value.get(step.value.get("method"), {}).get("destination", {}).get("endpoint")
            return f"test_a_call_to_{_word(destination or step.value.get('to'))}"
    return "test_a_recorded_call"


def _word(text: Json) -> str:
    return re.sub(r"\W+", "_", str(text or "nobody"), flags=re.ASCII).strip("_").lower() or "somebody"


def _lines_that_play(scenario: str) -> Iterator[str]:
    yield 'file = tmp_path / "recorded.yaml"'
    yield "file.write_text("
    yield from (f"    {_python(line)}" for line in scenario.splitlines(keepends=True))
    yield ")"
    yield "sinch.play(file)"


@define
class _Test:
    """The lines of one test, step by step. ``_now_s`` is up to when the test has let time pass."""

    _recorder: Recorder
    _steps: list[Step]
    _now_s: float | None = None

    def lines(self) -> Iterator[str]:
        """Gives the lines, not indented."""
        for address, persona in self._recorder.phones.items():
            yield f"sinch.phone({_python(address)}).{_meeting(persona)}"
        for step in self._steps:
            yield from self._lines_of(step)
        yield from self._outcome()

    def _lines_of(self, step: Step) -> Iterator[str]:
        value: dict[str, Any] = step.value if isinstance(step.value, dict) else {}
        call = self._called(value.get("caller", ""))
        if step.key == "hear":
            within = "" if self._since(step) < PATIENCE_S - 5 else f", within={round(self._since(step) + 10)}"
            self._now_s = step.at_s
            yield f"{call}.expect({_python(_shortened(value['text']))}{within})"
        elif step.key not in ("expect", "wait"):
            gap_s = round(self._since(step), 3)
            if gap_s > 0:
                yield f"sinch.advance(seconds={gap_s:g})"
            self._now_s = step.at_s
            yield self._act(step.key, call, value)

    def _called(self, name: str) -> str:
        """What a call is called in the test: one that is alone needs no number."""
        return name if len(self._recorder.names) > 1 else "call"

    def _since(self, step: Step) -> float:
        return 0.0 if self._now_s is None else step.at_s - self._now_s

    def _act(self, key: str, call: str, value: dict[str, Any]) -> str:
        match key:
            case "dial":
                wanted = {"from_": value["from"], "to": value.get("to"), "rdnis": value.get("rdnis")}
                return f"{call} = sinch.dial({_arguments(wanted)})"
            case "sip_call":
                wanted = {"from_": value["from"], "to": value.get("to"), "origin": "sip"}
                return f"{call} = sinch.dial({_arguments(wanted)})"
            case "app_call":
                return f"{call} = sinch.app_calls({_arguments(self._in_app(value))})"
            case "callout":
                body = {name: each for name, each in value.items() if name != "caller"}
                return f"{call} = sinch.callout(body={_python(body)})"
            case "expect_new_call":
                index = list(self._recorder.names.values()).index(value["caller"])
                return f"{call} = sinch.calls[{index}]"
            case "press":
                return f"{self._end(call, value)}.press({_python(value['digits'])})"
            case "speak":
                return f"{self._end(call, value)}.say({_python(value['text'])})"
            case _:
                return f"{self._end(call, value)}.hang_up()"

    def _in_app(self, value: dict[str, Any]) -> dict[str, Json]:
        to = value.get("to", self._recorder.number)
        if not isinstance(to, dict):
            return {"user": value["user"], "to": to, "cli": value.get("cli")}
        is_room = to["type"] == "conference"
        conference = True if is_room else None
        return {"user": value["user"], "to": to["endpoint"], "conference": conference, "cli": value.get("cli")}

    def _end(self, call: str, value: dict[str, Any]) -> str:
        """The end of the call that somebody acts at: the person whom the platform talks to goes without saying."""
        call_id = next(each for each, name in self._recorder.names.items() if name == value["caller"])
        talks = "callee" if self._recorder.calls[call_id]["origin"] == "callout" else "caller"
        return call if value.get("leg", talks) == talks else f"{call}.{value['leg']}"

    def _outcome(self) -> Iterator[str]:
        over = [(self._called(name), self._recorder.calls[call_id]) for call_id, name in self._recorder.names.items()]
        for name, call in over:
            if call["status"] == "FINAL":
                yield f'{name}.wait_for("ended", within=14400)'
                yield f"assert ({name}.result, {name}.reason) == ({_python(call['result'])}, {_python(call['reason'])})"
        if all(call["status"] == "FINAL" for _, call in over):
            sent = [step.value["callback"] for step in self._steps if step.key == "expect"]
            yield f"assert [callback.event for callback in sinch.callbacks] == {_python(sent)}"


def _meeting(persona: dict[str, Json]) -> str:
    """How a phone behaves, as the fixture says it."""
    for word, name in _MEETINGS.items():
        if word in persona:
            after = persona[word].get("after") if word in ("busy", "reject") else None
            return f"{name}({_arguments({'after': after})})"
    answer = persona["answer"]
    wanted = {"after": answer["after"], "as_": answer["as"] if answer["as"] != "human" else None}
    return f"answers({_arguments({**wanted, **{name: persona.get(name) for name in ('greeting', 'beep', 'amd')}})})"


def _arguments(wanted: Mapping[str, Json]) -> str:
    return ", ".join(f"{name}={_python(value)}" for name, value in wanted.items() if value is not None)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    return text[:_LONGEST_TEXT].rsplit(" ", 1)[0]


def _python(value: Json) -> str:
    """A value as Python writes it, with double quotes."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case dict():
            return "{" + ", ".join(f"{_python(name)}: {_python(each)}" for name, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_python(each) for each in value) + "]"
    return repr(value)
