"""JSON to bytes and back, on orjson where the extra ``speed`` is installed.

Whatever orjson refuses goes to the standard library and to our own reader: they are slower, take more, and explain.
"""

import importlib
import json
from collections.abc import Callable
from typing import NoReturn

from sinch_simulator.core.schema.json_parsing import parse_json, refuse_deep_nesting

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _encode(document: object) -> bytes:
    """JSON in UTF-8 without blanks; texts with lone surrogates are escaped, because UTF-8 has no bytes for them."""
    try:
        return _ENCODE(document).encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":")).encode()


def _decode(body: bytes) -> object:
    """The document; what is not plain JSON from the first byte to the last is read, or refused, by ``parse_json``."""
    refuse_deep_nesting(body)
    try:
        text = body.decode()
        document, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return parse_json(body)
    return document if end == len(text) else parse_json(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _fast() -> tuple[Callable[[object], bytes], Callable[[bytes], object]] | None:
    """Both ways on orjson, None when it is not installed."""
    try:
        orjson = importlib.import_module("orjson")
    except ImportError:
        return None
    dumps: Callable[[object], bytes] = orjson.dumps
    loads: Callable[[bytes], object] = orjson.loads

    def encode_fast(document: object) -> bytes:
        try:
            return dumps(document)
        except TypeError:
            return _encode(document)

    def decode_fast(body: bytes) -> object:
        refuse_deep_nesting(body)
        try:
            return loads(body)
        except ValueError:
            return parse_json(body)

    return encode_fast, decode_fast


_chosen = _fast()
encode: Callable[[object], bytes] = _encode if _chosen is None else _chosen[0]
"""A document as JSON in UTF-8 without blanks."""
decode: Callable[[bytes], object] = _decode if _chosen is None else _chosen[1]
"""The document of a request; ``NotJsonError`` as in ``parse_json``. Names that stand twice are not remembered."""
