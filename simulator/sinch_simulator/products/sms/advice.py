"""Tells what may surprise about a batch: senders, alphabets, parameters (docs/platform/sms.md#4, #10 and #12)."""

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.text_parts import UNICODE_LONGEST, foreign_character, number_of_parts
from sinch_simulator.products.sms.batch import Content, Kind, filled_in
from sinch_simulator.products.sms.machine import SmsMachine

_LONGEST_NAME = 11


def advise(application: Application, content: Content, sms: SmsMachine) -> list[Diagnostic]:
    """Returns what there is to be said about a batch, each kind of thing about a sender once."""
    found = advise_on_sender(application, content.sender, sms)
    if content.kind is Kind.TEXT:
        found += advise_on_text(content.body, application)
        if "${" in content.body:
            found += _on_parameters(application, content, sms)
    return found


def advise_on_sender(application: Application, sender: str | None, sms: SmsMachine) -> list[Diagnostic]:
    """Returns what is to be arranged with Sinch before this sender can be used, when it is used for the first time."""
    if sender is None:
        return []
    told = f"SENDER {sender}"
    if told in application.told_once:
        return []
    application.told_once.add(told)
    if sender[0] == "+":
        owner = sms.data.pool.sms_owner(sender)
        if owner is application:
            return []
        message = f"{sender} is no number of this application: on the platform its texts may be refused."
        if sms.data.pool.voice_owner(sender) is application:
            message = f"{sender} is rented for calls, not for texts."
        hint = "rent the number, or send from one of the application's numbers"
        finding = Diagnostic("SENDER_NOT_RENTED", Severity.WARNING, "from", message, hint)
    else:
        message = f"The sender {shown(sender)} must be arranged with Sinch, and is not possible in every country."
        if not sender.isdigit() and len(sender) > _LONGEST_NAME:
            message += f" A name has {_LONGEST_NAME} characters at most."
        hint = "send from a rented number where nothing is arranged"
        finding = Diagnostic("SENDER_NOT_ARRANGED", Severity.WARNING, "from", message, hint)
    return [finding]


def advise_on_text(text: str, application: Application, path: str = "body") -> list[Diagnostic]:
    """Returns what one character does to the length of a text, once for each such character."""
    character = None if len(text) <= UNICODE_LONGEST else foreign_character(text)
    told = f"UNICODE {character}"
    if character is None or told in application.told_once:
        return []
    application.told_once.add(told)
    message = (
        f"{shown(character)} is not in the GSM alphabet: the whole text is sent as UCS-2, "
        f"with 70 characters in one part, 67 in each of several, and takes {number_of_parts(text)} parts."
    )
    hint = "replace it (often a curly quote or a dash) if the price of a part matters"
    return [Diagnostic("TEXT_IS_UNICODE", Severity.INFO, path, message, hint)]


def _on_parameters(application: Application, content: Content, sms: SmsMachine) -> list[Diagnostic]:
    without = [each for each in sms.recipients(application, content) if filled_in(content, each) is None]
    if not without:
        return []
    message = f"A placeholder has no value for {len(without)} of the recipients ({without[0]}): they are aborted, 405."
    hint = 'give each recipient a value, or a "default", under parameters; names are told apart by case'
    return [Diagnostic("PARAMETER_MISSING", Severity.WARNING, "parameters", message, hint)]
