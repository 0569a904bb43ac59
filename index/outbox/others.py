"""Other outboxes beside one: what waits for an index that has got another address or name, and is sent by nobody."""

from __future__ import annotations

import shlex
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.backend import BackendError
from index.outbox.dead import DeadLetters
from index.outbox.file import OutboxFile
from index.outbox.letters import Letters
from index.outbox.states import States


@dataclass(frozen=True, slots=True)
class Other:
    """What another outbox file holds; `error` when it cannot be read."""

    place: str
    articles: int = 0
    states: int = 0
    dead: int = 0
    error: str = ""

    @property
    def command(self) -> str:
        """Shows it."""
        return f"svodka status --outbox {shlex.quote(self.place)}"

    def __str__(self) -> str:
        if self.error:
            return self.error
        return f"{self.place}: {self.articles:,} articles and {self.states:,} crawl states wait, {self.dead:,} refused"


def others(path: Path) -> list[Other]:
    """The other outboxes in the folder of this one that hold something, or cannot be read."""
    found = [
        _looked_into(each)
        for each in sorted(path.parent.glob("*.db"))
        if each != path and each.stat().st_size
    ]
    return [each for each in found if each.articles or each.states or each.dead or each.error]


def _looked_into(path: Path) -> Other:
    try:
        with closing(OutboxFile(path)) as file:
            return Other(str(path), Letters(file).count(), States(file).dirty(), DeadLetters(file).count())
    except BackendError as error:
        return Other(str(path), error=str(error))
