"""What somebody outside is like and what it does, as values: how it meets an invitation, and its steps after that.

``persona.py`` makes these from JSON, ``phone.py`` plays them. Durations are integer milliseconds. Nothing here knows
what a call, an app or SVAML is.
"""

import re
import warnings
from enum import Enum
from functools import lru_cache

from attrs import field

from sinch_simulator.core.values import frozen
from sinch_simulator.phones.signals import Cause, Manner

PAUSE_MS = 500
"""How long a ``w`` among digits lasts (docs/platform/svaml.md, ``dtmf``)."""

MACHINE_GREETING_MS = 5000
"""How long a machine speaks before its beep when nobody says: *assumed*."""


class Awaited(Enum):
    """What a phone can wait for beside a text."""

    PROMPT = "prompt"
    MENU = "menu"
    BEEP = "beep"
    CONNECTED = "connected"


# ---- steps ------------------------------------------------------------------------------------------------------


@frozen
class Wait:
    """Let so much time pass."""

    ms: int


@frozen
class Press:
    """Press these keys at once: ``0-9 * #``; a ``w`` among them is a pause of 500 ms."""

    digits: str


@frozen
class Speak:
    """Say this, for a menu that listens."""

    text: str


@frozen
class WaitFor:
    """Wait until this is so; what is already so is met at once.

    A text is met by whatever contains it, in any case of letters; ``/text/`` is a regular expression, as it is written.
    The four words of ``Awaited`` can't be waited for as texts: write ``/menu/``.
    """

    what: Awaited | str


@frozen
class HangUp:
    """Hang up; nothing can follow."""


Step = Wait | Press | Speak | WaitFor | HangUp


@lru_cache(maxsize=1024)
def text_pattern(text: str) -> re.Pattern[str]:
    """Returns what finds the text of a ``WaitFor`` in what is heard.

    Raises ``ValueError`` with the reason when ``text`` is of the form ``/regex/`` and is no regular expression.
    """
    if len(text) < 3 or not (text.startswith("/") and text.endswith("/")):
        return re.compile(re.escape(text), re.IGNORECASE)
    with warnings.catch_warnings():
        # Python warns of patterns that a later version may read otherwise: nothing that a persona's author must know.
        warnings.simplefilter("ignore")
        try:
            return re.compile(text[1:-1])
        except (re.error, OverflowError, RecursionError) as why:
            raise ValueError(str(why)) from why


# ---- how an invitation is met -----------------------------------------------------------------------------------


@frozen
class Answers:
    """Picks up after so long, and sounds like this."""

    after_ms: int = 2000
    manner: Manner = field(factory=Manner)


@frozen
class Declines:
    """Is not to be had: it, or the network for it, says so after so long."""

    cause: Cause
    after_ms: int


@frozen
class Rings:
    """Rings for ever: only the caller's side gives up."""


@frozen
class ByHand:
    """Rings until somebody says that it is answered or declined, and does nothing by itself later."""


Meeting = Answers | Declines | Rings | ByHand


# ---- what becomes of a text message -----------------------------------------------------------------------------


@frozen
class Texts:
    """What becomes of a text message to this phone, so long after it was handed on to the network.

    ``status`` and ``code`` are those of a delivery receipt (docs/platform/sms.md#6); with another status than
    ``Delivered`` the text does not arrive, and with None nobody ever hears of it. Whoever gets it may ``reply``.
    """

    status: str | None = "Delivered"
    code: int = 0
    after_ms: int = 1000
    reply: str | None = None
    reply_after_ms: int = 2000


TEXTS = Texts()
"""A text message arrives after 1 s."""
NO_TEXTS = Texts(status=None)
"""A text message never arrives, and no receipt comes."""


CARRIER, WIFI = "carrier", "wifi"


@frozen
class AppOnPhone:
    """The customer's app on a phone: it reports what has arrived so long ago.

    ``reports`` is ``right``, ``wrong`` or a text; ``source`` is ``manual``, or ``intercepted``: then it declines a
    flash call in the moment in which it rings.
    """

    reports: str = "right"
    after_ms: int = 3000
    source: str = "manual"


@frozen
class Persona:
    """Who is at an address. The steps begin for a callee when it answers, for a caller when it has dialled.

    Without ``texts``, text messages arrive, but for a phone that can't be reached. ``data`` says whose SIM carries the
    mobile data: ``carrier`` is its own, ``wifi`` none, else it is that of this number.
    """

    meeting: Meeting = field(factory=Answers)
    then: tuple[Step, ...] = ()
    texts: Texts | None = None
    data: str = CARRIER
    app: AppOnPhone | None = None
    answer_scripted: bool = field(default=False, eq=False)
    """Whether somebody has said that it answers: only then it picks up a flash call too."""

    @property
    def to_flash_calls(self) -> "Persona":
        """Returns how it meets a call that only rings: who was not told to answer lets it ring."""
        if self.answer_scripted or not isinstance(self.meeting, Answers):
            return self
        return LETS_RING


LETS_RING = Persona(meeting=Rings())
"""A phone that rings as long as somebody lets it."""
HUMAN = Persona()
"""Whoever nobody scripted: a human who answers after 2 s and stays until the other side hangs up."""
