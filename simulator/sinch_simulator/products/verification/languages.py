"""The texts with a code, and in which language one is sent (docs/platform/verification.md#9).

The words of en-US, es-ES and sv-SE are the platform's; those of the other languages are ours, *assumed*.
"""

from collections.abc import Iterable, Sequence

from sinch_simulator.core.values import frozen

PLACE = "{{CODE}}"
"""Where the code stands in a template."""
FALLBACK = "en-US"
MOST_ASKED = 20
"""So many languages of a request are looked at (*assumed*)."""

TEMPLATES = {
    "en-US": "Your verification code is {{CODE}}",
    "en-GB": "Your verification code is {{CODE}}",
    "es-ES": "Tu código de verificación es {{CODE}}.",
    "sv-SE": "Din verifieringskod är {{CODE}}.",
    "da-DK": "Din bekræftelseskode er {{CODE}}.",
    "de-DE": "Dein Bestätigungscode lautet {{CODE}}.",
    "fi-FI": "Vahvistuskoodisi on {{CODE}}.",
    "fr-FR": "Votre code de vérification est {{CODE}}.",
    "it-IT": "Il tuo codice di verifica è {{CODE}}.",
    "ja-JP": "確認コードは {{CODE}} です。",
    "nb-NO": "Bekreftelseskoden din er {{CODE}}.",
    "nl-NL": "Je verificatiecode is {{CODE}}.",
    "pl-PL": "Twój kod weryfikacyjny to {{CODE}}.",
    "pt-BR": "Seu código de verificação é {{CODE}}.",
    "pt-PT": "O seu código de verificação é {{CODE}}.",
    "ru-RU": "Ваш код подтверждения: {{CODE}}.",
    "tr-TR": "Doğrulama kodunuz: {{CODE}}.",
}
_BY_NAME = {locale.lower(): locale for locale in TEMPLATES}
_BY_LANGUAGE = {locale.partition("-")[0]: locale for locale in reversed(TEMPLATES)}
SPOKEN = {
    "de": "Dein Bestätigungscode lautet {{CODE}}. Ich wiederhole: {{CODE}}.",
    "en": "Your verification code is {{CODE}}. Once more: {{CODE}}.",
    "es": "Tu código de verificación es {{CODE}}. Repito: {{CODE}}.",
    "fr": "Votre code de vérification est {{CODE}}. Je répète : {{CODE}}.",
    "sv": "Din verifieringskod är {{CODE}}. En gång till: {{CODE}}.",
}
"""What a phone call says, by language; whatever else is asked for is said in English (*assumed*)."""


@frozen
class Language:
    """The language that a text is sent in, its template, and which one was asked for in vain, if any was."""

    locale: str
    template: str
    asked_in_vain: str | None = None


def choose(asked: Iterable[Sequence[str]], default: str) -> Language:
    """Returns the language of a text: the first that has a template of those asked for, by whom counts first.

    Then the application's ``default``, and English at last (docs/platform/verification.md#9). A tag like ``es-MX``
    finds another country's template of the same language (*assumed*).
    """
    wanted = [tag for group in asked for tag in group][:MOST_ASKED]
    first = wanted[0] if wanted else None
    for tag in (*wanted, default):
        locale = known(tag)
        if locale is not None:
            exact = first is None or first.replace("_", "-").lower() == locale.lower()
            return Language(locale, TEMPLATES[locale], None if exact else first)
    return Language(FALLBACK, TEMPLATES[FALLBACK], first)


def known(tag: str) -> str | None:
    """Returns the locale of the template for a language tag; None where there is none."""
    plain = tag.replace("_", "-").lower()
    return _BY_NAME.get(plain) or _BY_LANGUAGE.get(plain.partition("-")[0])


def spoken_template(locale: str) -> str:
    """Returns what a phone call in this locale says."""
    return SPOKEN.get(locale.replace("_", "-").lower().partition("-")[0], SPOKEN["en"])


def accepted_languages(header: str) -> tuple[str, ...]:
    """Returns the tags of an Accept-Language header, the dearest first, without their weights.

    What cannot be read as a weight counts as 1; ``*`` and tags of weight 0 are dropped.
    """
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:MOST_ASKED]:
        tag, _, parameter = part.partition(";")
        tag = tag.strip()
        if tag and tag != "*" and len(tag) <= 35:
            weighed.append((_weight(parameter), tag))
    weighed.sort(key=lambda each: -each[0])
    return tuple(tag for weight, tag in weighed if weight > 0)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0
