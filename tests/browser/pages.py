"""Every page there is: what is checked of all pages (width, colours, axe, attacks) is checked of these.

A new page is a line here: in `PAGES`, or in `pages_of` when it is about an article or its story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.index.web.newsroom import COPIES, WIRE


@dataclass(frozen=True, slots=True)
class Shown:
    """A page by its path, with the status that it is answered with."""

    path: str
    status: int = 200

    def __str__(self) -> str:
        """How a test is named after it."""
        return self.path.replace("/", "|")


def pages_of(original: str, copy: str) -> Sequence[str]:
    """The pages about a story, by the ids of its original and of one of its copies."""
    return (
        f"/story/{original}",
        f"/story/{original}/copies",
        f"/story/{original}/compare/{copy}",
        f"/article/{original}",
        f"/article/{copy}",
    )


PAGES = (
    Shown("/"),
    Shown("/?q=мост"),
    Shown("/?copies=1&sort=date"),
    Shown("/?q=мост+site:a.example+after:2026-11-01&copies=1"),
    Shown("/?copies=1&limit=2&page=2&zone=Europe/Moscow"),
    Shown("/?page=999"),
    Shown("/?q=зимний+мост+source:нигде"),
    Shown("/?q=мост+)", 400),
    Shown("/?q=foo:bar", 400),
    Shown("/overview"),
    Shown("/overview/2026-11-12"),
    Shown("/health"),
    Shown("/api"),
    Shown("/nowhere", 404),
    Shown("/?page=x", 400),
    Shown("/?q=мост&copies=1&zone=Europe/Moskow", 400),
    Shown("/overview?zone=Mars", 400),
    *map(Shown, pages_of(WIRE.id, COPIES[0].id)),
)
