"""The languages and voices that the platform speaks, and how fast each language is read out.

Locales and voices are documented (docs/platform/svaml.md#7); the pace of each language is assumed.
"""

FALLBACK_LOCALE = "en-US"
"""What is spoken when a locale is not known; *assumed* (docs/platform/svaml.md#7)."""

_LOCALES_TEXT = """
    arb az-AZ ca-ES zh-HK cmn-CN hr-HR cs-CZ da-DK nl-NL en-AU en-GB en-IN en-NZ en-ZA en-US en-GB-WLS et-EE fil-PH
    fi-FI fr-FR fr-CA ka-GE de-DE de-AT el-GR hi-IN hu-HU is-IS id-ID it-IT ja-JP ko-KR mt-MT ms-MY nb-NO lv-LV lt-LT
    pl-PL pt-BR pt-PT ro-RO ru-RU es-ES es-MX es-US sk-SK sl-SI sv-SE th-TH tr-TR uk-UA uz-UZ vi-VN cy-GB
"""
LOCALES = tuple(_LOCALES_TEXT.split())

VOICES = {
    voice: locale
    for locale, voices in {
        "en-US": "Ivy Joanna Kendra Kimberly Salli Joey Justin Kevin Matthew",
        "en-GB": "Amy Emma Brian Arthur",
        "de-DE": "Marlene Vicki Hans Daniel",
        "fr-FR": "Celine Lea Mathieu",
        "es-ES": "Conchita Lucia Enrique",
        "sv-SE": "Astrid",
        "ja-JP": "Mizuki Takumi",
    }.items()
    for voice in voices.split()
}
"""The language of each named voice; the documents name voices for seven languages only."""

_TRANSCRIPTION_LOCALES_TEXT = """
    af-ZA ar-AE ar-SA zh-CN zh-TW da-DK nl-NL en-AU en-GB en-IN en-IE en-NZ en-AB en-ZA en-US en-WL fr-FR fr-CA fa-IR
    gd_GB de-DE de-CH he-IL hi-IN id-ID ga-IE it-IT ja-JP ko-KR ms-MY pt-PT pt-BR ru-RU es-ES es-US sv-SE ta-IN te-IN
    th-TH tr-TR vi-VN
"""
TRANSCRIPTION_LOCALES = tuple(_TRANSCRIPTION_LOCALES_TEXT.split())
"""What recordings can be transcribed from (docs/platform/svaml.md#4)."""

_NAMES = (*LOCALES, *VOICES, *(f"{locale}/{gender}" for locale in LOCALES for gender in ("male", "female")))
_SPELLINGS = {name.lower(): name for name in _NAMES} | {name: name for name in _NAMES}

_DEFAULT_CHARACTER_MS = 65
_CHARACTER_MS = {
    "arb": 80,
    "cmn": 220,
    "de": 68,
    "es": 60,
    "fi": 62,
    "fr": 64,
    "hi": 75,
    "ja": 135,
    "ka": 72,
    "ko": 150,
    "th": 85,
    "vi": 70,
    "zh": 220,
}
_PACES_MS = {
    name: _CHARACTER_MS[language]
    for name in _NAMES
    if (language := VOICES.get(name, name).partition("/")[0].partition("-")[0]) in _CHARACTER_MS
}


def known_locale(name: str) -> str | None:
    """The platform's spelling of ``en-US``, ``en-US/male`` or ``Kimberly``; None when it speaks no such thing.

    Upper and lower case make no difference (*assumed*).
    """
    return _SPELLINGS.get(name) or _SPELLINGS.get(name.lower())


def character_ms(locale: str) -> int:
    """How long one character takes to be spoken in this locale or by this voice; *assumed*.

    English: 65 ms, which is some 150 words a minute. Scripts in which a character is a syllable take longer.
    """
    return _PACES_MS.get(locale, _DEFAULT_CHARACTER_MS)
