"""How an application's callback URL is used."""

from enum import Enum


class CallbackStyle(Enum):
    """One URL for every event, or one below it for each: ``URL/ice``, ``URL/ace`` and so on."""

    SINGLE = "single"
    FUNCTIONS = "functions"
