"""The words of the interface: one catalogue file for each language, with plural forms."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.web.language import LANGUAGES

FOLDER = Path(__file__).parent / "messages"
Plural = Mapping[str, str]


def _english(number: int) -> str:
    return "one" if number == 1 else "other"


def _russian(number: int) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    return "few" if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else "many"


# Which form goes with a whole number: Unicode CLDR, plural rules.
RULES: dict[str, Callable[[int], str]] = {"en": _english, "ru": _russian}
FORMS: dict[str, tuple[str, ...]] = {"en": ("one", "other"), "ru": ("one", "few", "many")}
_GROUPS = {"en": ",", "ru": "\u00a0"}  # between thousands


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language by their keys ('search.button')."""

    language: str
    texts: Mapping[str, str | Plural | list[str]]

    def __call__(self, key: str, **values: object) -> str:
        """The message with its values filled in; KeyError for a key there is none of."""
        text = self.texts[key]
        if not isinstance(text, str):
            raise KeyError(f"{key} is no plain message")
        return text.format(**values)

    def counted(self, key: str, number: int, **values: object) -> str:
        """The plural form for a number, which stands in it as {n}."""
        forms = self.texts[key]
        if not isinstance(forms, Mapping):
            raise KeyError(f"{key} has no plural forms")
        return forms[RULES[self.language](number)].format(n=self.number(number), **values)

    def listed(self, key: str) -> list[str]:
        """A list of messages, such as the names of the months."""
        found = self.texts[key]
        if not isinstance(found, list):
            raise KeyError(f"{key} is no list")
        return found

    def language_of_text(self, code: str) -> str:
        """What a language is called ('Russian'); its code where the catalogue has no name for it."""
        key = f"language.of_texts_{code}"
        return self(key) if key in self.texts else code

    def number(self, number: int) -> str:
        """A whole number with its thousands set apart."""
        return f"{number:,}".replace(",", _GROUPS[self.language])


@cache
def messages(language: str) -> Messages:
    """The catalogue of one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise KeyError(language)
    with (FOLDER / f"{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    found = {f"{table}.{key}": text for table, texts in tables.items() for key, text in texts.items()}
    return Messages(language, found)
