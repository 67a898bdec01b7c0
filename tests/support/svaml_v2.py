"""Documents of SVAML v2 for tests: one of each command, and a hypothesis strategy of legal documents."""

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

AGENT: Json = {"type": "PHONE", "phone": {"number": "+14045550101"}}
HELLO: Json = {"type": "SAY", "say": {"text": "Hello.", "voiceName": "Emma"}}
TUNE: Json = {"type": "PLAY", "play": {"url": "https://example.com/tune.wav"}}


def dial(name: str | None = None, **more: Any) -> Json:
    """A ``dial`` to the agent's phone."""
    return {"command": "dial", **({} if name is None else {"callName": name}), "to": AGENT, **more}


def say(text: str = "Hello.", **more: Any) -> Json:
    """A ``messages`` command with one spoken message."""
    return {"command": "messages", "messages": [{"type": "SAY", "say": {"text": text, "voiceName": "Emma"}}], **more}


def menu(matches: Json | None = None, **item: Any) -> Json:
    """A ``menu`` command with one menu, ``main``."""
    return {"command": "menu", "startMenu": "main", "menus": {"main": {"matches": matches or {}, **item}}}


RECORD: Json = {
    "command": "startRecording",
    "recordingName": "tape",
    "recordingOptions": {"destination": "AWS", "destinationUrl": "s3://bucket", "credentials": "key:secret:eu-west-1"},
}
ONE_OF_EACH: list[Json] = [
    {"command": "answer"},
    dial("agent", events={"onAnswer": [say()], "onHangup": []}),
    say(messagesName="greeting", events={"onFinish": [{"command": "hangup"}]}),
    {"command": "stopMessages", "messagesName": "greeting"},
    {"command": "webhook", "webhookName": "next", "url": "https://example.com/next"},
    {"command": "amd", "events": {"onHuman": [say()], "onMachine": [{"command": "hangup"}]}},
    {"command": "pause", "durationMilliseconds": 500},
    RECORD,
    {"command": "stopRecording", "recordingName": "tape"},
    {"command": "bridgeCall", "bridgeName": "main"},
    menu({"1": [{"command": "gotoMenu", "menuName": "main"}]}, onFailure=[{"command": "hangup"}]),
    {"command": "hangup", "callName": "agent"},
]

_NAMES = st.text("abcxyz019_", min_size=1, max_size=16)
_MESSAGES = st.lists(st.sampled_from([HELLO, TUNE]), min_size=1, max_size=10)
_HEADERS = st.lists(st.fixed_dictionaries({"key": st.just("X-Order"), "value": _NAMES}), max_size=16)
_DESTINATIONS = st.one_of(
    st.just(AGENT),
    st.builds(lambda headers: {"type": "SIP", "sip": {"endpoint": "sip:a@b.test", "callHeaders": headers}}, _HEADERS),
    st.just({"type": "STREAM", "stream": {"endpoint": "wss://a.test/x", "streamOptions": {"sampleRate": 16000}}}),
    st.just(
        {"type": "VOICE_RELAY", "voiceRelay": {"endpoint": "ws://a.test", "ttsVoice": "Emma", "sttLanguage": "en-US"}}
    ),
)
_DURATIONS = st.integers(1, 60)


def _handlers(commands: st.SearchStrategy[list[Json]], *names: str) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, commands))


def _commands(inner: st.SearchStrategy[list[Json]]) -> st.SearchStrategy[list[Json]]:
    def command(name: str, required: Json | None = None, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
        return st.fixed_dictionaries({"command": st.just(name), **(required or {})}, optional=optional)

    item = st.fixed_dictionaries(
        {},
        optional={
            "prompt": st.fixed_dictionaries({"messages": _MESSAGES}, optional={"allowBargeIn": st.booleans()}),
            "inputTimeoutDurationSeconds": _DURATIONS,
            "repeatCount": st.integers(0, 10),
            "maximumInputLength": st.integers(1, 100),
            "terminatingSequence": st.text("0123456789*#", min_size=1, max_size=10),
            "inputMethods": st.just(["DTMF"]),
            "matches": st.dictionaries(st.sampled_from(["1", "[0-9]{4}", r"\*", ".*", "12#"]), inner, max_size=3),
            "onFailure": inner,
        },
    )
    some = st.one_of(
        command("answer"),
        command("hangup", callName=_NAMES),
        command("pause", {"durationMilliseconds": st.integers(1, 100_000)}),
        command("stopMessages", {"messagesName": _NAMES}),
        command("stopRecording", {"recordingName": _NAMES}),
        command("bridgeCall", {"bridgeName": _NAMES}),
        command("webhook", {"webhookName": _NAMES, "url": st.just("https://a.test/w")}),
        command("messages", {"messages": _MESSAGES}, events=_handlers(inner, "onFinish")),
        command("amd", events=_handlers(inner, "onHuman", "onMachine", "onBeep", "onUnknown")),
        command(
            "dial", {"to": _DESTINATIONS}, dialTimeoutDurationSeconds=_DURATIONS, **{"from": st.just(AGENT)},
            events=_handlers(inner, "onAnswer", "onBusy", "onReject", "onTimeout", "onHangup", "onFailure"),
        ),
        st.builds(lambda events: {**RECORD, "recordingName": "r", "events": events}, _handlers(inner, "onFinish")),
        st.builds(lambda main: {"command": "menu", "startMenu": "main", "menus": {"main": main}}, item),
    )  # fmt: skip
    # A recording of one name may not begin twice in a row.
    return st.lists(some, max_size=4).map(_without_repeated_recordings)


def _without_repeated_recordings(commands: list[Json]) -> list[Json]:
    first = [index for index, each in enumerate(commands) if each["command"] == "startRecording"][:1]
    return [each for index, each in enumerate(commands) if each["command"] != "startRecording" or index in first]


DOCUMENTS: st.SearchStrategy[Json] = st.builds(
    lambda commands: {"commands": commands},
    st.recursive(st.just([{"command": "answer"}]), _commands, max_leaves=8).filter(bool),
)
"""Legal documents."""
