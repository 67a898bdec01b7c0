"""An application as the platform knows it: its credentials, its numbers, where its callbacks go."""

from attrs import field

from sinch_simulator.core.account import Account
from sinch_simulator.core.values import Word, define

DEFAULT_NUMBER = "+14045550100"
"""The number of an application of which nobody has said another."""


class CallbackStyle(Word):
    """One URL for every event, or one below it for each: ``URL/ice``, ``URL/ace`` and so on."""

    SINGLE = "single"
    FUNCTIONS = "functions"


@define
class Application:
    """Changed by configuration only, never by calls."""

    key: str
    secret: str
    numbers: list[str] = field(factory=list)
    callback_url: str | None = None
    fallback_url: str | None = None
    callback_style: CallbackStyle = CallbackStyle.SINGLE
    ids_given: int = 0
    """How many ids this application has used up; the next one follows from the seed, the key and this count."""
    account: Account | None = None
    """Limits of credit, destinations and caller ids; None for none at all."""
    told_once: set[str] = field(factory=set)
    """Codes of the findings that are told only once."""

    def urls_for(self, event: str) -> tuple[str, str | None] | None:
        """Returns where the event of this name is posted to, and where when that has failed (None for nowhere).

        None when no callback URL is configured.
        """
        url, fallback_url = self.callback_url, self.fallback_url
        if url is None:
            return None
        if self.callback_style is CallbackStyle.SINGLE:
            return url, fallback_url
        return _below(url, event), None if fallback_url is None else _below(fallback_url, event)


def _below(url: str, event: str) -> str:
    return f"{url.rstrip('/')}/{event}"
