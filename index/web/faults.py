"""What is wrong with a query, in the reader's language, and the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from index.web.messages import messages

if TYPE_CHECKING:
    from index.search.query import QueryError
    from index.web.messages import Messages

AROUND = 60  # characters of a long query that are shown on each side of the place
_PIECE = re.compile(r"\S[^\s()]*")
_FIELD = re.compile(r"\w+:")  # the name of a field is lower case wherever it stands
_VALUE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Fault:
    """The message, and the query around the place; an empty `text` when it is not the query that is wrong."""

    message: str
    language: str
    text: str
    before: str
    at: str  # the piece that the place begins; a blank sign at the end of the query
    after: str


def fault_of(error: QueryError, t: Messages) -> Fault:
    """A query's error as the page shows it; a message that the catalogue lacks stays English."""
    told = in_language(error.message, t)
    message, language = (told, t.language) if told else (error.message, "en")
    if not _FIELD.match(message):
        message = message[:1].upper() + message[1:]
    text, place = error.text, error.position
    if not text.strip():
        return Fault(message, language, "", "", "", "")
    start, end = max(0, place - AROUND), place + AROUND
    piece = _PIECE.match(text, place, end)
    behind = piece.end() if piece else place
    before = ("…" if start else "") + text[start:place]
    after = text[behind:end] + ("…" if end < len(text) else "")
    return Fault(message, language, text, before, piece[0] if piece else "\u00a0", after)


def in_language(message: str, t: Messages) -> str:
    """The message of a `QueryError` in another language, '' where the catalogue does not know it."""
    for key, pattern in _patterns().items():
        if match := pattern.fullmatch(message):
            return t(key, **match.groupdict())
    return ""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The parser's messages as the English catalogue lists them, their values as groups."""
    known = {key: text for key, text in messages("en").texts.items() if key.startswith("query.")}
    return {
        key: re.compile(_VALUE.sub(r"(?P<\1>.+)", re.escape(text)), re.DOTALL)
        for key, text in known.items()
        if isinstance(text, str)
    }
