"""Reads the menus of a ``menu`` command (docs/platform/voice-v2.md#3.5)."""

import re
from collections.abc import Callable
from typing import TypeAlias

from attrs import evolve

from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, printable, shown
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings
from sinch_simulator.products.voice.v2.svaml.key_patterns import KeyPattern
from sinch_simulator.products.voice.v2.svaml.model import Commands, Match, MenuItem, MenuPrompt, RunMenu
from sinch_simulator.products.voice.v2.svaml.read_parts import Place, read_messages
from sinch_simulator.products.voice.v2.svaml.shapes import LONGEST_MATCH, LONGEST_MENU_NAME, MENU_ITEM, MOST_MATCHES

SequenceReader: TypeAlias = Callable[[object, Place, CommandFindings], Commands]
"""Reads the commands at a place."""


def read_menus(values: Values, place: Place, findings: CommandFindings, sequence: SequenceReader) -> RunMenu:
    """Reads the menus of one command; ``sequence`` reads the commands that stand in them."""
    documents, start, path = values["menus"], values.text("startMenu"), f"{place.path}.menus"
    if not isinstance(documents, dict):
        if documents is not None:
            findings.error("WRONG_TYPE", path, f"{shown(documents)} is not an object", 'menus by name: {"main": {..}}')
        documents = {}
    inside = evolve(place, menus=tuple(documents))
    if start and documents and start not in documents:
        hint = did_you_mean(start, documents) or f"the menus are {', '.join(list(documents)[:10])}"
        findings.error("UNKNOWN_MENU", f"{place.path}.startMenu", f"there is no menu {shown(start)}", hint)
    elif start and not documents and values["menus"] == {}:
        findings.error("UNKNOWN_MENU", path, "there is no menu", "at least the one that startMenu names")
    menus: dict[str, MenuItem] = {}
    for name, document in documents.items():
        menu_path = f"{path}.{printable(name)}"
        if not 0 < len(name) <= LONGEST_MENU_NAME:
            message = f"{shown(name)} is no name of a menu"
            findings.error("INVALID_VALUE", menu_path, message, f"1 to {LONGEST_MENU_NAME} characters")
        if isinstance(document, dict):
            read = MENU_ITEM.read(document, f"{menu_path}.", findings)
            menus[name] = _menu(read, evolve(inside, path=menu_path), findings, sequence)
        else:
            findings.error("WRONG_TYPE", menu_path, f"{shown(document)} is no menu", 'an object: {"matches": {..}}')
    return RunMenu(start, menus)


def _menu(values: Values, place: Place, findings: CommandFindings, sequence: SequenceReader) -> MenuItem:
    prompt = _prompt(values, "prompt", place, findings)
    repeat = _prompt(values, "repeatPrompt", place, findings)
    if repeat is not None and prompt is None:
        message = "there is a repeatPrompt without a prompt"
        findings.error("MISSING_PROPERTY", f"{place.path}.prompt", message, "add what is heard first")
    shortest, longest = values.integer("minimumInputLength"), values.integer("maximumInputLength")
    if shortest > longest:
        message = f"{shortest} is more than maximumInputLength, {longest}"
        hint = "maximumInputLength is 1 unless it is given"
        findings.error("INVALID_VALUE", f"{place.path}.minimumInputLength", message, hint)
    failure = values["onFailure"]
    return MenuItem(
        prompt,
        repeat or prompt,
        values.integer("inputTimeoutDurationSeconds") * 1000,
        values.integer("repeatCount"),
        shortest,
        longest,
        values.text_or_none("terminatingSequence"),
        _matches(values["matches"], place, findings, sequence),
        None if failure is None else sequence(failure, place.below(f"{place.path}.onFailure"), findings),
    )


def _prompt(values: Values, name: str, place: Place, findings: CommandFindings) -> MenuPrompt | None:
    prompt = values.object(name)
    if prompt is None:
        return None
    heard = read_messages(prompt["messages"], f"{place.path}.{name}.messages", findings)
    return MenuPrompt(heard, prompt.flag("allowBargeIn"))


def _matches(value: object, place: Place, findings: CommandFindings, sequence: SequenceReader) -> tuple[Match, ...]:
    path = f"{place.path}.matches"
    if value is None:
        return ()
    if not isinstance(value, dict):
        findings.error("WRONG_TYPE", path, f"{shown(value)} is not an object", 'commands by input: {"1": [..]}')
        return ()
    if len(value) > MOST_MATCHES:
        findings.error("TOO_LONG", path, f"there are {len(value)} inputs", f"at most {MOST_MATCHES}")
        return ()
    matches: list[Match] = []
    for key, commands in value.items():
        key_path = f"{path}.{printable(key)}"
        pattern = _pattern(key, key_path, findings)
        read = sequence(commands, place.below(key_path), findings)
        if pattern is not None:
            matches.append(Match(key, pattern, read))
    return tuple(matches)


def _pattern(key: str, path: str, findings: CommandFindings) -> KeyPattern | None:
    if not 0 < len(key) <= LONGEST_MATCH:
        findings.error("INVALID_VALUE", path, "the input is empty or too long", f"1 to {LONGEST_MATCH} characters")
        return None
    try:
        return KeyPattern.read(key)
    except (re.error, OverflowError, RecursionError) as error:
        hint = r"a key as 1, a regular expression as [0-9]{4}; star is written \*"
        findings.error("INVALID_VALUE", path, f"{shown(key)} is no regular expression that menus take: {error}", hint)
        return None
