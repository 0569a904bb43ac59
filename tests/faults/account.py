"""`Account`: what happened to the articles of one test, as a line on the terminal and a row of a table."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.watch import Seen, look

if TYPE_CHECKING:
    from tests.faults.newsroom import Newsroom

COLUMNS = ("fault", "engine", "found", "indexed", "waiting", "attempts", "dead", "after recovery", "notes")


@dataclass
class Account:
    """`indexed`, `waiting`, `attempts` and `dead` are those at the end of the first run.

    `attempts` counts failed ones in a row, `recovered` the articles in the index at the end of the test.
    """

    fault: str
    engine: str
    found: int = 0
    indexed: int = 0
    waiting: int = 0
    attempts: int = 0
    dead: int = 0
    recovered: int = 0
    notes: str = ""

    def note_first(self, newsroom: Newsroom, waiting: int) -> None:
        """Note how the first run has ended."""
        outcomes = newsroom.outcomes()
        self.indexed, self.waiting = outcomes["indexed"], waiting
        with closing(newsroom.outbox()) as outbox:
            self.dead = outbox.dead.count()
            seen = Seen()
            look(outbox.path, seen)
        self.note_watched(seen)

    def note_watched(self, seen: Seen) -> None:
        """Note the attempts that were seen."""
        self.attempts = max(self.attempts, seen.attempts)

    def row(self) -> str:
        """A row of a Markdown table."""
        cells = (
            self.fault, self.engine, self.found, self.indexed, self.waiting, self.attempts, self.dead,
            self.recovered, self.notes,
        )  # fmt: skip
        return f"| {' | '.join(str(cell) for cell in cells)} |"

    def write(self) -> None:
        """Print the row; with SVODKA_FAULT_REPORT=path append it there as well."""
        named = zip(COLUMNS, self.row().strip("| ").split(" | "), strict=False)
        print("\n" + ", ".join(f"{name}: {cell}" for name, cell in named if cell))
        if path := os.environ.get("SVODKA_FAULT_REPORT"):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(self.row() + "\n")
