"""What there is to say about a callout that the platform accepts without a word (docs/platform/gotchas.md#B3, #B4)."""

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.schema.request_fields import warning
from sinch_simulator.products.voice.callouts.reading import Callout, CalloutMethod

_SILENT = "CALLOUT_EVENTS_DISABLED"


def advise(application: Application, callout: Callout) -> tuple[Diagnostic, ...]:
    """Findings about the events of this callout; that there will be none is told once per application."""
    if callout.method is CalloutMethod.CUSTOM:
        return ()
    name = callout.method.value
    if callout.enable_ace or callout.enable_dice or callout.enable_pie:
        if application.callback_url is not None:
            return ()
        message = "Events are asked for, but the application has no callback URL: none will be sent."
        return (warning("NO_CALLBACK_URL", name, message, "Configure a callback URL for the application."),)
    if application.callback_url is None or _SILENT in application.told_once:
        return ()
    application.told_once.add(_SILENT)
    message = f"A {name} sends no events unless it asks for them."
    return (warning(_SILENT, name, message, "Set enableAce, enableDice or enablePie. This is said only once."),)
