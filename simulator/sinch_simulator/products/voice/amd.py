"""Answering machine detection: a verdict from nothing but what is heard after the pick-up.

Source: docs/platform/callbacks.md#8.

The platform publishes the words of its verdicts and that they take up to about five seconds, not its method. The rules
here are *assumed*: one short utterance is a person; a greeting that goes on is a machine; a tone is a machine; no sound
at all is nothing to go by.
"""

from typing import assert_never

from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, AnsweredAs, Manner

HUMAN_MS = 1_000
"""A person says hello and waits."""
LONG_GREETING_MS = 3_000
"""A greeting that is still going on after this long is a machine's."""
SILENCE_MS = 4_000
"""Detection gives up when nothing has been heard for this long."""
TONE_MS = 1_000
"""A fax, or a beep without a greeting, is recognised this soon."""

INPROGRESS = AmdVerdict(AmdStatus.INPROGRESS, AmdReason.NA, 0)


def verdict(manner: Manner) -> AmdVerdict:
    """Returns what detection says, and after how long; a scripted verdict goes before what is heard."""
    if manner.verdict is not None:
        return manner.verdict
    match manner.answered_as:
        case AnsweredAs.HUMAN:
            return AmdVerdict(AmdStatus.HUMAN, AmdReason.NA, HUMAN_MS)
        case AnsweredAs.SILENCE:
            return AmdVerdict(AmdStatus.NOTSURE, AmdReason.INITIALSILENCE, SILENCE_MS)
        case AnsweredAs.FAX:
            return AmdVerdict(AmdStatus.MACHINE, AmdReason.BEEP, TONE_MS)
        case AnsweredAs.MACHINE:
            return _machine(manner)
        case _:
            assert_never(manner.answered_as)


def _machine(manner: Manner) -> AmdVerdict:
    if manner.greeting_ms > LONG_GREETING_MS:
        return AmdVerdict(AmdStatus.MACHINE, AmdReason.LONGGREETING, LONG_GREETING_MS)
    if manner.beep:
        return AmdVerdict(AmdStatus.MACHINE, AmdReason.BEEP, max(manner.greeting_ms, TONE_MS))
    return AmdVerdict(AmdStatus.NOTSURE, AmdReason.NA, LONG_GREETING_MS)
