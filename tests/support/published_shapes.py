"""What the platform's published OpenAPI says that bodies look like, as tables for tests: names, types and words.

Version 1.0.1 where nothing is said. Nothing of its texts is here: a table gives each property a type, the words that it
may have, or a table of its own.
"""

from collections.abc import Mapping
from typing import TypeAlias

from support.wired_world import Json

Words: TypeAlias = frozenset[str]
Number = (int, float)
Shape: TypeAlias = "type | tuple[type, ...] | Words | list[Shape] | Mapping[str, Shape]"


def words(text: str) -> Words:
    """A closed set of words."""
    return frozenset(text.split())


def misfits(body: object, shape: Shape, path: str = "") -> list[str]:
    """Where a body is not of this shape: strangers, wrong types, wrong words. What is absent is no misfit."""
    if isinstance(shape, Mapping):
        return _misfits_of_object(body, shape, path)
    if isinstance(shape, list):
        if not isinstance(body, list):
            return [f"{path} is no array: {body!r}"]
        return [text for index, each in enumerate(body) for text in misfits(each, shape[0], f"{path}[{index}]")]
    if isinstance(shape, frozenset):
        return [] if body in shape else [f"{path} has a word that is not published: {body!r}"]
    fits = isinstance(body, shape) and (shape is bool or not isinstance(body, bool))
    return [] if fits else [f"{path} has a type that is not published: {body!r}"]


def _misfits_of_object(body: object, shape: Mapping[str, Shape], path: str) -> list[str]:
    if not isinstance(body, dict):
        return [f"{path} is no object: {body!r}"]
    found = []
    for name, value in body.items():
        inner = f"{path}.{name}" if path else name
        found += misfits(value, shape[name], inner) if name in shape else [f"{inner} is not published"]
    return found


# ---- shared -----------------------------------------------------------------------------------------------------

MONEY: Mapping[str, Shape] = {"currencyId": str, "amount": Number}
IDENTITY: Mapping[str, Shape] = {"type": words("number Number username Username sip did"), "endpoint": str}
HEADERS: Shape = [{"key": str, "value": str}]
RESULTS = words("N/A ANSWERED BUSY NOANSWER FAILED")

# ---- answers to requests ----------------------------------------------------------------------------------------

CALLOUT_ANSWER: Shape = {"callId": str}
CALL: Mapping[str, Shape] = {
    "from": IDENTITY,
    "to": IDENTITY,
    "domain": words("pstn mxp"),
    "callId": str,
    "duration": int,
    "status": words("ONGOING FINAL"),
    "result": RESULTS,
    "reason": words(
        "N/A TIMEOUT CALLERHANGUP CALLEEHANGUP BLOCKED NOCREDITPARTNER MANAGERHANGUP CANCEL GENERALERROR"
        " INVALIDSVAMLACTION"
    ),
    "timestamp": str,
    "custom": str,
    "userRate": MONEY,
    "debit": MONEY,
}
CONFERENCE: Shape = {"participants": [{"cli": str, "id": str, "duration": int, "muted": bool, "onhold": bool}]}
NUMBERS: Shape = {"numbers": [{"number": str, "applicationkey": str, "capability": words("voice sms")}]}
CALLBACK_URLS: Shape = {"url": {"primary": str, "fallback": str}}
NUMBER_ITEM: Mapping[str, Shape] = {
    "countryId": str,
    "numberType": words("Unknown Fixed Mobile Other"),
    "normalizedNumber": str,
    "restricted": bool,
    "rate": MONEY,
}
QUERIED_NUMBER: Shape = {"method": words("numberItem"), "numberItem": NUMBER_ITEM, "number": NUMBER_ITEM}

# ---- events -----------------------------------------------------------------------------------------------------

_CALL_EVENT: Mapping[str, Shape] = {
    "callid": str,
    "conferenceId": str,
    "version": int,
    "timestamp": str,
    "custom": str,
    "applicationKey": str,
}
_DOMAINS = words("pstn mxp PSTN MXP")
_AMD: Mapping[str, Shape] = {
    "status": words("machine human notsure hangup"),
    "reason": words("longgreeting initialsilence beep n/a"),
    "duration": int,
}
EVENTS: Mapping[str, Mapping[str, Shape]] = {
    "ice": {
        **_CALL_EVENT,
        "event": words("ice"),
        "callResourceUrl": str,
        "userRate": MONEY,
        "cli": str,
        "to": IDENTITY,
        "domain": _DOMAINS,
        "originationType": _DOMAINS,
        "rdnis": str,
        "callHeaders": HEADERS,
    },
    "ace": {**_CALL_EVENT, "event": words("ace"), "amd": _AMD},
    "dice": {
        **_CALL_EVENT,
        "event": words("dice"),
        "reason": words(
            "N/A ESTABLISHED OTHERPEERANSWERED TIMEOUT CALLERHANGUP CALLEEHANGUP BLOCKED MANAGERHANGUP NOCREDITPARTNER"
            " CLIENTNETWORK CONGESTION GENERALERROR CANCEL USERNOTFOUND CALLBACKERROR"
        ),
        "result": RESULTS,
        "debit": MONEY,
        "userRate": MONEY,
        "to": IDENTITY,
        "duration": int,
        "from": str,
        "callHeaders": HEADERS,
    },
    "pie": {
        **_CALL_EVENT,
        "event": words("pie"),
        "menuResult": {
            "menuId": str,
            "type": words("error return sequence timeout hangup invalidinput"),
            "value": str,
            "inputMethod": words("dtmf voice"),
        },
    },
    "notify": {
        "event": words("notify"),
        "callid": str,
        "conferenceId": str,
        "version": int,
        "type": str,
        "destination": str,
        "amd": _AMD,
        "custom": str,
        "errorCode": int,
        "errorMsg": str,
        "user": str,
    },
}
"""By the name of the event. ``duration`` of ICE is left out: it was withdrawn as wrong.

Source: docs/platform/callbacks.md#3.
"""


def published_event(body: Json, **known_elsewhere: Shape) -> list[str]:
    """The misfits of a callback; ``known_elsewhere`` is what only the reference knows of, and where it is wider."""
    return misfits(body, {**EVENTS[body["event"]], **known_elsewhere})
