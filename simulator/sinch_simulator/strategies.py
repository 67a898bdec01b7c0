"""Gives Hypothesis strategies for users' own property tests: callback events, SVAML documents, personas, journeys.

Everything that is drawn is possible on the platform: an app must take every event, and the platform every document.
Needs ``hypothesis``, which is not installed along.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Json = dict[str, Any]  # what goes out as JSON

_RESULTS = (
    ("ANSWERED", "CALLERHANGUP"),
    ("ANSWERED", "CALLEEHANGUP"),
    ("ANSWERED", "MANAGERHANGUP"),
    ("ANSWERED", "TIMEOUT"),
    ("BUSY", "N/A"),
    ("BUSY", "CANCEL"),
    ("NOANSWER", "TIMEOUT"),
    ("NOANSWER", "CANCEL"),
    ("FAILED", "CONGESTION"),
    ("FAILED", "GENERALERROR"),
)
_TIME = "2025-01-15T10:30:00Z"
_KEY = "00000000-0000-4000-8000-000000007462"
_DTMF = "0123456789*#"
_MOST_MENUS = 3
_ULIDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=25, max_size=25).map(lambda rest: f"0{rest}")
_V2_UNDER_WAY = (("IN_PROGRESS", None),)
# By event, result and reason of the call in it (docs/platform/voice-v2.md#4.1).
_V2_RESULTS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "call.incoming": (("INITIATED", None),),
    "call.answered": _V2_UNDER_WAY,
    "call.busy": (("BUSY", "NOT_AVAILABLE"),),
    "call.rejected": (("REJECTED", "NOT_AVAILABLE"),),
    "call.timeout": (("NO_ANSWER", "NOT_AVAILABLE"),),
    "call.failed": (("FAILED", "ERROR"), ("FAILED", "NO_MORE_ROUTES")),
    "call.hangup": (
        ("COMPLETED", "CALLEE_HANGUP"),
        ("COMPLETED", "CALLER_HANGUP"),
        ("COMPLETED", "MANAGER_HANGUP"),
        ("COMPLETED", "OK"),
        ("CANCEL", "MANAGER_HANGUP"),
    ),
    "call.amd.human": _V2_UNDER_WAY,
    "call.amd.machine": _V2_UNDER_WAY,
    "call.amd.beep": _V2_UNDER_WAY,
    "call.amd.unknown": _V2_UNDER_WAY,
    "call.message.finished": _V2_UNDER_WAY,
    "call.recording.finished": _V2_UNDER_WAY,
    "call.recording.failed": _V2_UNDER_WAY,
    "call.menu": _V2_UNDER_WAY,
}


def numbers() -> SearchStrategy[str]:
    """Draws E.164 numbers with their plus sign."""
    return st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)


def texts() -> SearchStrategy[str]:
    """Draws what can be said in a prompt."""
    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="[]<>&;#\\")
    words = st.text(letters, min_size=1, max_size=12)
    return st.lists(words, min_size=1, max_size=6).map(" ".join)


# ---- events of the platform -------------------------------------------------------------------------------------


def _common(event: str) -> dict[str, SearchStrategy[Any]]:
    return {
        "event": st.just(event),
        "callid": st.uuids(version=4).map(str),
        "version": st.just(1),
        "timestamp": st.just(_TIME),
        "applicationKey": st.just(_KEY),
    }


_CUSTOM: dict[str, SearchStrategy[Any]] = {"custom": st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)}


@st.composite
def voice_v2_events(draw: st.DrawFn) -> Json:
    """Draws bodies of the events of Voice v2 (``call.answered``, ``call.menu``, ...), each with a call as it may be."""
    event = draw(st.sampled_from([*_V2_RESULTS, "call.webhook.next"]))
    result, reason = draw(st.sampled_from(_V2_RESULTS.get(event, _V2_UNDER_WAY)))
    inbound = event == "call.incoming" or draw(st.booleans())
    phone = st.builds(lambda number: {"type": "PHONE", "phone": {"number": number}}, numbers())
    call_id, project_id = draw(_ULIDS), draw(st.uuids(version=4).map(str))
    call: Json = {
        "callId": call_id,
        "projectId": project_id,
        "serviceId": _KEY,
        "sessionId": draw(_ULIDS),
        "direction": "INBOUND" if inbound else "OUTBOUND",
        "originationType": "PHONE" if inbound else "SERVER",
        "callType": "PHONE",
        "to": draw(phone),
        "startTime": _TIME,
        "callResult": result,
        "callRate": {"currencyCode": "USD", "amount": "0.0100"},
        "callResourceUrl": f"https://voice.api.sinch.com/v2/projects/{project_id}/calls/{call_id}",
    }
    call |= draw(st.fixed_dictionaries({}, optional={"from": phone, "callName": st.just("agent")}))
    if result in ("IN_PROGRESS", "COMPLETED"):
        call |= {"answerTime": _TIME, "updateTime": _TIME}
    if reason is not None:
        call |= {"callReason": reason, "endTime": _TIME, "updateTime": _TIME}
    if result == "COMPLETED":
        call["callDurationSeconds"] = draw(st.integers(0, 14_400))
    body: Json = {"event": event, "call": call}
    if event == "call.menu":
        body["menu"] = {"menuName": "main", "input": draw(st.text(_DTMF, max_size=12))}
    return body


def ice() -> SearchStrategy[Json]:
    """Draws bodies of ICE: somebody calls a number, or an in-app user calls out."""
    called = st.one_of(
        st.fixed_dictionaries({"type": st.just("did"), "endpoint": numbers()}),
        st.fixed_dictionaries({"type": st.just("number"), "endpoint": numbers()}),
    )
    fields = {
        **_common("ice"),
        "cli": st.one_of(numbers().map(lambda number: number[1:]), st.just("private")),
        "to": called,
        "domain": st.just("pstn"),
        "originationType": st.sampled_from(["PSTN", "MXP", "SIP"]),
        "userRate": st.just({"currencyId": "USD", "amount": 0.0}),
        "rdnis": st.just(""),
    }
    return st.fixed_dictionaries(fields, optional=_CUSTOM)


def ace() -> SearchStrategy[Json]:
    """Draws bodies of ACE, with and without a verdict of answering machine detection."""
    verdict = st.fixed_dictionaries(
        {
            "status": st.sampled_from(["human", "machine", "notsure", "hangup"]),
            "reason": st.sampled_from(["longgreeting", "initialsilence", "beep", "n/a"]),
            "duration": st.integers(0, 15),
        }
    )
    return st.fixed_dictionaries(_common("ace"), optional={**_CUSTOM, "amd": verdict})


def pie() -> SearchStrategy[Json]:
    """Draws bodies of PIE, whatever a menu may come to."""
    results = st.one_of(
        st.tuples(st.just("return"), texts()),
        st.tuples(st.just("sequence"), st.text(_DTMF, min_size=1, max_size=12)),
        st.tuples(st.sampled_from(["timeout", "hangup"]), st.just("")),
        st.tuples(st.just("invalidinput"), st.sampled_from(_DTMF)),
    )
    menu = st.tuples(results, st.sampled_from(["main", "sub"]), st.sampled_from(["dtmf", "voice"])).map(
        lambda drawn: {"type": drawn[0][0], "value": drawn[0][1], "menuId": drawn[1], "inputMethod": drawn[2]}
    )
    return st.fixed_dictionaries({**_common("pie"), "menuResult": menu}, optional=_CUSTOM)


@st.composite
def dice(draw: st.DrawFn) -> Json:
    """Draws bodies of DiCE, with results and reasons that go together; only an answered call has a duration."""
    result, reason = draw(st.sampled_from(_RESULTS))
    seconds = draw(st.integers(0, 14_400)) if result == "ANSWERED" else 0
    rate = 0.01
    debit = round(-(-seconds // 60) * rate, 4)
    body = draw(st.fixed_dictionaries(_common("dice"), optional=_CUSTOM))
    body |= {
        "result": result,
        "reason": reason,
        "debit": {"currencyId": "USD", "amount": debit},
        "userRate": {"currencyId": "USD", "amount": rate},
        "to": {"type": "number", "endpoint": draw(numbers())[1:]},
        "from": draw(numbers())[1:],
    }
    return body | {"duration": seconds} if result == "ANSWERED" else body


def notify() -> SearchStrategy[Json]:
    """Draws bodies of Notify."""
    kinds = ["recording_finished", "recording_available", "transcription_available", "amd", "amd_beep"]
    return st.fixed_dictionaries(
        {
            "event": st.just("notify"),
            "callid": st.uuids(version=4).map(str),
            "version": st.just(1),
            "type": st.sampled_from(kinds),
        },
        optional=_CUSTOM,
    )


def callback_events() -> SearchStrategy[Json]:
    """Draws bodies of any event."""
    return st.one_of(ice(), ace(), pie(), dice(), notify())


# ---- documents of an app ----------------------------------------------------------------------------------------


def svaml(event: str = "ice") -> SearchStrategy[Json]:
    """Draws documents that the platform takes in answer to ``ice``, ``ace`` or ``pie``."""
    if event not in _ACTIONS:
        raise ValueError(f"event: {event!r} takes no SVAML here; expected one of {', '.join(_ACTIONS)}")
    return st.fixed_dictionaries(
        {"instructions": st.lists(_instructions(event), max_size=3), "action": _ACTIONS[event]()}
    )


def _instructions(event: str) -> SearchStrategy[Json]:
    say = texts().map(lambda text: {"name": "say", "text": text, "locale": "en-US"})
    cookie = st.tuples(st.sampled_from("abc"), texts()).map(
        lambda drawn: {"name": "setCookie", "key": drawn[0], "value": drawn[1]}
    )
    return st.one_of(say, cookie, st.just({"name": "answer"})) if event == "ice" else st.one_of(say, cookie)


@st.composite
def _run_menu(draw: st.DrawFn) -> Json:
    names = ["main", "second", "third"][: draw(st.integers(1, _MOST_MENUS))]
    menus = []
    for name in names:
        keys = draw(st.lists(st.sampled_from(_DTMF[:10]), unique=True, min_size=1, max_size=4))
        choices = st.one_of(
            st.sampled_from(["return(a)", "return(b)"]), st.sampled_from(names).map(lambda to: f"menu({to})")
        )
        menus.append(
            {
                "id": name,
                "mainPrompt": f"#tts[{draw(texts())}]",
                "repeats": draw(st.integers(0, 2)),
                "options": [{"dtmf": key, "action": draw(choices)} for key in keys],
            }
        )
    return {"name": "runMenu", "barge": draw(st.booleans()), "menus": menus}


def _leaving() -> SearchStrategy[Json]:
    return st.just({"name": "hangup"})


def _connecting() -> SearchStrategy[Json]:
    return st.one_of(
        st.tuples(numbers(), numbers()).map(
            lambda drawn: {"name": "connectPstn", "number": drawn[0], "cli": drawn[1], "maxDuration": 3600}
        ),
        st.sampled_from(["alpha", "beta"]).map(lambda room: {"name": "connectConf", "conferenceId": room}),
    )


def _parking() -> SearchStrategy[Json]:
    return st.just({"name": "park", "introPrompt": "#tts[Please hold]", "maxDuration": 60})


_ACTIONS = {
    "ice": lambda: st.one_of(_leaving(), _connecting(), _parking(), _run_menu()),
    "ace": lambda: st.one_of(_leaving(), _run_menu(), st.just({"name": "continue"})),
    "pie": lambda: st.one_of(_leaving(), _connecting(), _run_menu()),
}


# ---- people -------------------------------------------------------------------------------------------------------


def personas() -> SearchStrategy[Json]:
    """Draws how somebody outside behaves, in the form of the control API: for ``caller=`` and scenarios."""
    after = st.integers(0, 300).map(lambda tenths: tenths / 10)
    human = st.fixed_dictionaries({"answer": st.fixed_dictionaries({"after": after}), "then": journeys()})
    machine = st.fixed_dictionaries(
        {
            "answer": st.fixed_dictionaries({"after": after, "as": st.just("machine")}),
            "greeting": after,
            "beep": st.booleans(),
        }
    )
    declines = st.sampled_from(["busy", "reject"]).flatmap(
        lambda how: st.fixed_dictionaries({how: st.fixed_dictionaries({"after": after})})
    )
    passive = st.sampled_from(["by_hand", "no_answer", "unreachable", "congestion"])
    silent = passive.map(lambda how: {how: dict[str, Any]()})
    return st.one_of(human, machine, declines, silent)


def journeys() -> SearchStrategy[list[Json]]:
    """Draws what a person does on the line, step by step: for ``plays(...)`` and the ``then`` of a persona."""
    step = st.one_of(
        st.integers(0, 100).map(lambda tenths: {"wait": tenths / 10}),
        st.text(_DTMF + "w", min_size=1, max_size=4).map(lambda keys: {"press": keys}),
        st.sampled_from(["sales", "support"]).map(lambda text: {"speak": text}),
        st.sampled_from(["prompt", "menu", "connected"]).map(lambda what: {"wait_for": what}),
    )
    return st.tuples(st.lists(step, max_size=6), st.booleans()).map(
        lambda drawn: [*drawn[0], *([{"hang_up": True}] if drawn[1] else [])]
    )
