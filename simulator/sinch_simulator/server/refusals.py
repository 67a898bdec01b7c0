"""Writes refusals of requests to the platform: as an answer in the product's words, and as a finding."""

import logging
import sys
import uuid

from attrs import evolve

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode, SenderRefused, header_text
from sinch_simulator.core.product import Product, classic_error
from sinch_simulator.core.rest.answer import HINT_HEADER, Answer
from sinch_simulator.server.descriptors import is_for_want_of_descriptors, tell
from sinch_simulator.server.http_messages import shown_path

_log = logging.getLogger("sinch_simulator")


def answer_to_a_mistake(product: Product, method: str, path: str) -> Answer:
    """Answers for a mistake of ours, being handled: the caller gets the platform's words, the terminal the details."""
    error = sys.exception()
    if error is not None and is_for_want_of_descriptors(error):
        return refusal_of(product, ApiError(ErrorCode.INTERNAL, "Internal error", hint=tell()), path)
    _log.exception("A mistake in the simulator, at %s %s", method, shown_path(path))
    return refusal_of(product, ApiError(ErrorCode.INTERNAL, "Internal error"), path)


def findings_of(error: ApiError) -> tuple[Diagnostic, ...]:
    """Returns what a refusal tells the developer."""
    if isinstance(error, SenderRefused):
        return error.diagnostics
    return (Diagnostic(error.name, Severity.ERROR, error.path, error.message, error.hint),)


def refusal_of(product: Product | None, error: ApiError, path: str) -> Answer:
    """Writes an error at this path as the product does; our own remark goes into a header."""
    write_error = classic_error if product is None else product.write_error
    error.instance = path
    answer = write_error(error, str(uuid.uuid4()))
    if not error.hint and not error.headers:
        return answer
    hint = {HINT_HEADER: header_text(error.hint)} if error.hint else {}
    return evolve(answer, headers={**error.headers, **answer.headers, **hint})
