"""How an application's callback URL is used."""


from sinch_simulator.core.values import Word


class CallbackStyle(Word):
    """One URL for every event, or one below it for each: ``URL/ice``, ``URL/ace`` and so on."""

    SINGLE = "single"
    FUNCTIONS = "functions"
