"""The languages and voices that the platform speaks, and how fast each language is read out.

Locales and voices are documented (docs/platform/svaml.md#7, docs/platform/voices.txt); the pace of each language is
assumed.
"""

FALLBACK_LOCALE = "en-US"
"""What is spoken when a locale is not known; *assumed* (docs/platform/svaml.md#7)."""

# One language a line: the locale, which of its genders can be asked for (f, m), and its voices by name.
_VOICES_TEXT = """
    arb       f  Zeina
    az-AZ     fm Banu Babek
    ca-ES     f  Arlet
    zh-HK     fm HiuGaai HiuMaan WanLung
    cmn-CN    f  Zhiyu
    hr-HR     fm Gabrijela Srecko
    cs-CZ     fm Vlasta Antonin
    da-DK     fm Naja Mads
    nl-NL     fm Lotte Ruben
    en-AU     fm Nicole Olivia Russell
    en-GB     fm Amy Emma Brian Arthur
    en-IN     f  Aditi Raveena Kajal
    en-NZ     f  Aria
    en-ZA     f  Ayanda
    en-US     fm Ivy Joanna Kendra Kimberly Salli Joey Justin Kevin Matthew
    en-GB-WLS m  Geraint
    et-EE     fm Anu Kert
    fil-PH    fm Angelo Blessica
    fi-FI     f  Suvi
    fr-FR     fm Céline Celine Léa Mathieu
    fr-CA     fm Chantal Gabrielle Liam
    ka-GE     fm Eka Giorgi
    de-DE     fm Marlene Vicki Hans Daniel
    de-AT     f  Hannah
    el-GR     fm Athina Nestoras
    hi-IN     f  Aditi Kajal
    hu-HU     fm Noemi Tamas
    is-IS     fm Dóra Dora Karl
    id-ID     fm Ardi Gadis
    it-IT     fm Carla Bianca Giorgio
    ja-JP     fm Mizuki Takumi
    ko-KR     f  Seoyeon
    mt-MT     fm Grace Joseph
    ms-MY     fm Osman Yasmin
    nb-NO     f  Liv
    lv-LV     fm Everita Nils
    lt-LT     fm Ona Leonas
    pl-PL     fm Ewa Maja Jacek Jan
    pt-BR     fm Camila Vitória Vitoria Ricardo
    pt-PT     fm Inês Ines Cristiano
    ro-RO     f  Carmen
    ru-RU     fm Tatyana Maxim
    es-ES     fm Conchita Lucia Enrique
    es-MX     f  Mia
    es-US     fm Lupe Penélope Penelope Miguel Pedro
    sk-SK     fm Viktoria Lukas
    sl-SI     fm Petra Rok
    sv-SE     f  Astrid
    th-TH     fm Achara Niwat Premwadee
    tr-TR     m  Filiz
    uk-UA     fm Polina Ostap
    uz-UZ     fm Madina Sardor
    vi-VN     fm HoaiMy NamMinh
    cy-GB     f  Gwyneth
"""
_ROWS = [line.split() for line in _VOICES_TEXT.strip().splitlines()]
_GENDERS = {"f": "female", "m": "male"}

LOCALES = tuple(locale for locale, *_ in _ROWS)
GENDERED = tuple(f"{locale}/{_GENDERS[letter]}" for locale, letters, *_ in _ROWS for letter in letters)
"""The locales with a gender that can be asked for, as ``en-US/male``."""
VOICES = {voice: locale for locale, _, *voices in _ROWS for voice in voices}
"""The language of each voice that has a name."""
_OTHER_SPELLINGS = {"Lea": "Léa"}
"""Names that the documents print without their accents, too (docs/platform/svaml.md#7)."""

_TRANSCRIPTION_LOCALES_TEXT = """
    af-ZA ar-AE ar-SA zh-CN zh-TW da-DK nl-NL en-AU en-GB en-IN en-IE en-NZ en-AB en-ZA en-US en-WL fr-FR fr-CA fa-IR
    gd_GB de-DE de-CH he-IL hi-IN id-ID ga-IE it-IT ja-JP ko-KR ms-MY pt-PT pt-BR ru-RU es-ES es-US sv-SE ta-IN te-IN
    th-TH tr-TR vi-VN
"""
TRANSCRIPTION_LOCALES = tuple(_TRANSCRIPTION_LOCALES_TEXT.split())
"""What recordings can be transcribed from (docs/platform/svaml.md#4)."""

_NAMES = (*LOCALES, *GENDERED, *VOICES)
_SPELLINGS = {name.lower(): name for name in _NAMES} | {name: name for name in _NAMES}
_SPELLINGS |= {plain.lower(): right for plain, right in _OTHER_SPELLINGS.items()}

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
    """Returns the platform's spelling of ``en-US``, ``en-US/male`` or ``Kimberly``; None when it speaks no such thing.

    Upper and lower case make no difference (*assumed*).
    """
    return _SPELLINGS.get(name) or _SPELLINGS.get(name.lower())


def character_ms(locale: str) -> int:
    """Returns how long one character takes to be spoken in this locale or by this voice; *assumed*.

    English: 65 ms, which is some 150 words a minute. Scripts in which a character is a syllable take longer.
    """
    return _PACES_MS.get(locale, _DEFAULT_CHARACTER_MS)
