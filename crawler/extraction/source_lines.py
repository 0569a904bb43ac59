"""Closing lines that are only a source mark: 'ria.ru', 'Источник: РИА Новости', '/ТАСС/', '(Reporting by ...)'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LAST = 3  # source marks stand in the last lines; more of them is a list of links
_LONGEST = 120  # letters of a mark
_LONGEST_SIGN_OFF = 400  # letters; sign-offs name several people and places
_FILES = r"(?!(?:pdf|docx?|xlsx?|jpe?g|png|html?|zip)\b)"
_ADDRESS = rf"(?:https?://\S+|(?:[\w-]+\.)+{_FILES}(?:[a-z]{{2,12}}|рф|рус|укр|москва)(?:/\S*)?)"
_NAME = r"[«\"“„]?[A-ZА-ЯЁІЇЄ][^.!?]{1,60}[»\"”“]?"

# What stands before the source and a colon, per language.
_LABELS = {
    "ru": (
        r"(?:перво)?источник\w*(?: (?:информации|новости|текста|материала))?",
        r"по (?:материалам|данным|информации|сообщени\w+)",
    ),
    "uk": ("джерело", "за (?:матеріалами|даними|інформацією)"),
    "en": (
        "(?:original )?sources?",
        "via",
        "(?:originally |first )?(?:published|appeared) (?:by|on|in|at)",
        "with (?:files|reporting|information|material) from",
    ),
    "de": ("(?:original)?quellen?", "mit material (?:von|der)"),
    "fr": ("sources?",),
    "es": ("fuentes?", "con información de"),
    "it": ("fonte",),
    "pl": ("źródło",),
}
# Labels that mostly lead to the site's own pages: they count only with an address.
_LEADS = {
    "ru": (
        "подробнее(?: читайте)?",
        "полный текст",
        "оригинал(?: статьи| материала)?",
        "читать(?: полностью| далее)?",
        "ссылка на источник",
    ),
    "uk": ("докладніше", "детальніше", "читати"),
    "en": ("read (?:more|the (?:full|original)(?: article| story)?)", "more", "link", "original"),
    "de": ("mehr", "weiterlesen", "lesen sie mehr"),
}
# These need no colon before a name; the other labels also begin sentences.
_BEFORE_NAMES = (
    "По материалам",
    "По данным",
    "По информации",
    "По сообщению",
    "За матеріалами",
    "Via",
    "Originally published (?:by|on|in)",
    "With (?:files|reporting) from",
    "Mit Material von",
)


def _any_of(rows: dict[str, tuple[str, ...]]) -> str:
    return "|".join(label for labels in rows.values() for label in labels)


_LABEL, _LEAD, _BEFORE_NAME = _any_of(_LABELS), _any_of(_LEADS), "|".join(_BEFORE_NAMES)
_MARKS = (
    re.compile(rf"^[\[(]?\s*(?:via\s+|на\s+)?{_ADDRESS}\s*[\])]?\.?$", re.I),
    re.compile(rf"^[\[(]?\s*(?:{_LABEL})\s*:\s*\S.{{0,{_LONGEST}}}$", re.I),
    re.compile(
        rf"^[\[(]?\s*(?:{_LABEL}|{_LEAD})\s*[:–—-]?\s*(?:на|в|at|on|auf)?\s*{_ADDRESS}\s*[\])]?\.?$", re.I
    ),
)
_NAME_MARKS = (
    re.compile(rf"^(?:{_BEFORE_NAME})\s+{_NAME}\.?$"),
    re.compile(rf"^(?i:{_LABEL})\s*[–—-]\s*{_NAME}\.?$"),
    re.compile(rf"^[/(\[]\s*{_NAME}\s*[/)\]]\.?$"),
    re.compile(r"^[–—-]\s*[A-ZА-ЯЁІЇЄ][^.!?,…]{1,40}$"),
    re.compile(rf"^(?:©|\(c\)|Copyright)\s*(?:\d{{4}}\W*)?{_NAME}\.?(?:\s*All rights reserved\.?)?$"),
)
_SIGN_OFF_MARK = re.compile(
    r"^[(\[]?\s*(?:additional\s+)?(?:reporting|writing|editing|compiled|written|edited)"
    r"(?:\s+and\s+\w+)?(?:\s+in\s+[\w ,]{1,60})?\s+by\s+\S.*$",
    re.I,
)


def split_source_lines(
    paragraphs: list[str], names: Callable[[str], bool] | None = None
) -> tuple[list[str], list[str]]:
    """Paragraphs without their closing source marks, and those marks, both in order and verbatim.

    At most the last three lines are looked at, and one always stays. `names` tells whether a text is the name
    of a known source; with it a bare line 'РИА Новости' counts too.
    """
    cut = len(paragraphs)
    while cut > 1 and len(paragraphs) - cut < _LAST and is_source_line(paragraphs[cut - 1], names):
        cut -= 1
    return paragraphs[:cut], paragraphs[cut:]


def is_source_line(line: str, names: Callable[[str], bool] | None = None) -> bool:
    """Whether a line is nothing but a mark of the text's source."""
    text = line.strip()
    if not text or len(text) > _LONGEST_SIGN_OFF:
        return False
    if _SIGN_OFF_MARK.match(text):
        return True
    if len(text) > _LONGEST:
        return False
    if any(mark.match(text) for mark in (*_MARKS, *_NAME_MARKS)):
        return True
    return names is not None and names(text.strip(' .()[]/—–-«»"©'))


def is_closing_mark(line: str) -> bool:
    """Whether a line is a source mark in itself, wherever it stands: an address or a labelled source."""
    text = line.strip()
    return 0 < len(text) <= _LONGEST and any(mark.match(text) for mark in _MARKS)
