"""What is wrong with a query, in the reader's language, and the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.query import QueryError
    from index.web.messages import Messages

AROUND = 60  # characters of a long query that are shown on each side of the place


@dataclass(frozen=True, slots=True)
class Fault:
    """The message, and the query around the place; an empty `text` when it is not the query that is wrong."""

    message: str
    text: str
    before: str
    at: str  # what the place points at; a blank sign at the end of the query
    after: str


def fault_of(error: QueryError, t: Messages) -> Fault:
    """A query's error as the page shows it."""
    text, place = error.text, error.position
    if not text.strip():
        return Fault(error.message, "", "", "", "")
    start, end = max(0, place - AROUND), place + AROUND
    before = ("…" if start else "") + text[start:place]
    after = text[place + 1 : end] + ("…" if end < len(text) else "")
    return Fault(error.message, text, before, text[place : place + 1] or "\u00a0", after)
