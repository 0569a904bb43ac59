"""Counting what a check has looked at, and telling whoever watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

STEP = 1000  # rows between two reports of progress

Row = TypeVar("Row")
Progress = Callable[[str, int], None]
"""Told the part at work and how many rows of it have been looked at."""


class Tally:
    """Rows looked at, by part of the check."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.progress = progress

    def each(self, part: str, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, counted."""
        self.counts[part] += 0
        for row in rows:
            self.counts[part] += 1
            if self.progress and self.counts[part] % STEP == 0:
                self.progress(part, self.counts[part])
            yield row
