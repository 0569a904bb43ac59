"""`Filled`: of the pages that were tried as articles, how many gave a title, a text, a date, an author."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.runs import FILLED

if TYPE_CHECKING:
    from crawler.extraction import Extracted


@dataclass(slots=True)
class Filled:
    """Counts over the pages of one run. A site's new layout shows as a share that falls."""

    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, seen: Extracted) -> None:
        """Count a page, rejected or not: one whose text is not found any more ends as too short."""
        self.pages += 1
        found = (bool(seen.title), bool(seen.body), seen.origin != "first_seen", bool(seen.authors))
        self.counts.update(name for name, there in zip(FILLED, found, strict=True) if there)

    def rates(self) -> dict[str, float] | None:
        """Share of the pages by field, four digits of it; None when there were no pages."""
        if not self.pages:
            return None
        return {name: round(self.counts[name] / self.pages, 4) for name in FILLED}
