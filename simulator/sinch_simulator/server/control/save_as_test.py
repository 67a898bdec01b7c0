"""Turns a call that was played by hand into a test that makes the same happen again."""

import shlex

from sinch_simulator.core.application import Application, CallbackStyle
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.rest.control_shapes import answer
from sinch_simulator.core.rest.journal_views import Json
from sinch_simulator.core.schema.fields import Choice, Text
from sinch_simulator.products.voice.control.calls import call_of_path
from sinch_simulator.products.voice.control.views import call_view
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.views import callback_view

_FORMS = {"pytest": "test_recorded.py", "scenario": "recorded.sinch.yaml"}
_SAVED = answer(
    "a test",
    Choice("form", "what kind of file it is", choices=tuple(_FORMS)),
    Text("name", "a name for the file"),
    Text("text", "the file"),
    Text("command", "what runs it, while the app runs"),
    title="SavedTest",
    meaning="A test that makes a call happen again.",
)


async def get_test(request: ServerRequest) -> Answer:
    """Writes the test. A call that brought its own SVAML is refused: of its request too little is kept."""
    from sinch_simulator.call_recorder.pytest_text import pytest_text
    from sinch_simulator.call_recorder.recorder import recorded
    from sinch_simulator.call_recorder.scenario_text import scenario_text

    form = request.query()["form"]
    view, callbacks, application = _what_happened(request)
    if any(line["kind"] == "document.used" for line in view["timeline"]):
        message = "the call brought its own SVAML, which cannot be read from what happened"
        raise ControlError(409, "cannot_be_saved", message, "calls that your app is asked about can be saved")
    number = application.numbers[0] if application.numbers else ""
    recorder = recorded([view], callbacks, number)
    text = scenario_text(recorder, "A recorded call") if form == "scenario" else pytest_text(recorder, _of(application))
    name = _FORMS[form]
    return json_answer({"form": form, "name": name, "text": text, "command": _command(form, name, application)})


def _what_happened(request: ServerRequest) -> tuple[Json, list[Json], Application]:
    """Gives the call and its callbacks as the control API shows them, and whose they are."""
    simulation, call = call_of_path(request)
    world = request.worlds.world_of(simulation)
    records = world.callbacks.matching(lambda record: record.callback.subject == call.id)
    return call_view(simulation, call), [callback_view(world, record) for record in records], call.application


def _of(application: Application) -> Json:
    """Gives what the fixture must know of an application: an app that checks signatures knows only this one."""
    return {
        "key": application.key,
        "secret": application.secret,
        "numbers": application.numbers,
        "callback_url": application.callback_url,
        "fallback_url": application.fallback_url,
        "callback_style": None
        if application.callback_style is CallbackStyle.SINGLE
        else application.callback_style.value,
    }


def _command(form: str, name: str, application: Application) -> str:
    if form == "pytest":
        return f"pytest {name}"
    pair = f"{application.key}:{application.secret}"
    words = ["sinch-simulator", "run", name, "--callback-url", application.callback_url or "URL", "--application", pair]
    return shlex.join(words)


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/calls/{callId}/test",
        get_test,
        "Writes a call that was played by hand as a test.",
        (Choice("form", "a pytest test, or a scenario file", choices=tuple(_FORMS), default="pytest"),),
        query_example="form=scenario",
        answer=_SAVED,
    ),
)
