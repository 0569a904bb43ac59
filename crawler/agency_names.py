"""How the names of houses are found in text: whole words, capitals, Russian inflection, quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_QUOTES = "«»\"“”„‟‘’'‹›"
_EDGES = _QUOTES + " \t\n\u00a0()[]{}/\\|*•·—–-−.,;:_=>~"

# Words that stand before a name and are none of it: "агентство «Интерфакс»", "the Associated Press".
_NOUN = (
    r"(?:(?i:(?:(?:информационн|новостн|государственн)\w+\s+)?(?:информ)?агентств\w{0,3}"
    r"|(?:інформ)?агенці\w{1,2}|газет\w{1,2}|издани\w{1,2}|видання|журнал\w{0,2}|портал\w{0,2}|сайт\w{0,2}"
    r"|(?:теле|радио)?(?:канал|компани)\w{0,2}|радиостанци\w{1,2}"
    r"|the|news\s+agency|newspaper|agency|broadcaster|wire\s+service|корр\.)"
    r"|ИА|МИА|АМИ|МИЦ)"
)
_BEFORE = re.compile(rf"(?:{_NOUN}\s+)*[{_QUOTES}]?")

# Endings of the words that make up Russian and Ukrainian names of houses, by how the word ends.
_ENDINGS = (
    ("ая", ("ая", "ой", "ую")),
    ("ское", ("ское", "ского", "скому", "ским", "ском")),
    ("ия", ("ия", "ии", "ию", "ией", "ий", "иям", "иями", "иях")),
    ("ія", ("ія", "ії", "ію", "ій")),
    ("во", ("во", "ва", "ву", "вом", "ве", "ві")),
    ("и", ("и", "ей", "ям", "ями", "ях", "ах", "ам", "ами", "ів", "")),
    ("а", ("а", "ы", "и", "і", "е", "у", "ой", "ою")),
    ("ъ", ("ъ", "", "а", "у", "ом", "е")),
)
_CONSONANT = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")
_AFTER_CONSONANT = ("", "а", "у", "ом", "ем", "е", "і")
_INFLECTED_LETTERS = 5  # shorter words (ТАСС, БелТА, си) do not inflect


@dataclass(frozen=True, slots=True)
class Alias:
    """One form of a house's name. `id` is None for a form that names no source of text (a photo credit)."""

    id: str | None
    text: str
    exact: bool = False  # only in exactly this case


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name found: whose it is (None: nobody's) and where it ends in the text."""

    id: str | None
    end: int


@dataclass(frozen=True, slots=True)
class NameMatcher:
    """All aliases as one pattern, longest first, so that "Интерфакс-Украина" is not "Интерфакс"."""

    pattern: re.Pattern[str]
    ids: tuple[str | None, ...]
    firsts: frozenset[str]  # first letters: most words are told apart by one

    @classmethod
    def of(cls, aliases: Sequence[Alias], *, any_case: bool = False) -> Self:
        """Compile aliases; with `any_case` full names match however they are written."""
        ordered = sorted(aliases, key=lambda alias: (-len(alias.text), alias.text))
        parts = "|".join(f"({_alias_pattern(alias, any_case=any_case)})" for alias in ordered)
        # A name ends where no letter follows, and no further part ("РБК-Украина" is another house than РБК).
        pattern = re.compile(rf"(?:{parts or '(?!)'})(?!\w|[-‑]\w)")
        firsts = {letter for alias in ordered for letter in _first_letters(alias, any_case=any_case)}
        return cls(pattern, tuple(alias.id for alias in ordered), frozenset(firsts))

    def match(self, text: str, position: int = 0) -> NameHit | None:
        """The name that stands at a position, after nouns and an opening quote."""
        start = _BEFORE.match(text, position)
        for begin in {start.end() if start else position: None, position: None}:
            found = self.pattern.match(text, begin) if text[begin : begin + 1] in self.firsts else None
            if found:
                return NameHit(self.ids[(found.lastindex or 1) - 1], found.end())
        return None


def unwrapped(text: str) -> str:
    """A text without the quotes, brackets, dashes and final points around it, and without a closing quote."""
    return text.strip(_EDGES)


def _first_letters(alias: Alias, *, any_case: bool) -> set[str]:
    first = alias.text[0]
    return {first.lower(), first.upper()} if any_case and not alias.exact else {first}


def _alias_pattern(alias: Alias, *, any_case: bool) -> str:
    words = re.split(r"\s+", alias.text)
    if alias.exact:
        # A quoted name behind a short form makes another house: «РИА "Новый День"» is not РИА.
        return r"\s+".join(map(re.escape, words)) + rf"(?!\s+[{_QUOTES}]\w)"
    body = rf"\s+[{_QUOTES}]?".join(map(_word_pattern, words))
    if any_case:
        return f"(?i:{body})"
    first = re.escape(alias.text[0])
    return f"(?={first})(?i:{body})"


def _word_pattern(word: str) -> str:
    """A word of a name, each of its parts in all of its forms: "Интерфакс-Украина", "Лента.ру"."""
    return "".join(map(_part_pattern, re.split(r"([-.])", word)))


def _part_pattern(part: str) -> str:
    lower = part.lower()
    if len(part) < _INFLECTED_LETTERS or part.isupper() or not re.search("[а-яёіїєґ]", lower):
        return re.escape(part)
    for ending, forms in _ENDINGS:
        if lower.endswith(ending):
            return _forms(part[: -len(ending)], forms)
    return _forms(part, _AFTER_CONSONANT) if _CONSONANT.search(lower) else re.escape(part)


def _forms(stem: str, endings: Sequence[str]) -> str:
    return re.escape(stem) + "(?:" + "|".join(sorted(endings, key=len, reverse=True)) + ")"
