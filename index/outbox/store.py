"""`Outbox`: what is durable on this machine and not yet in the index. One file for each index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from index.outbox.dead import DeadLetters
from index.outbox.file import OutboxFile
from index.outbox.letters import LEASE, LIMIT_BYTES, MIB, Letters
from index.outbox.pauses import Pauses
from index.outbox.runs import Runs
from index.outbox.states import States

if TYPE_CHECKING:
    from index.outbox.pauses import Pause
    from index.settings import Settings


@dataclass(frozen=True, slots=True)
class Summary:
    """What an outbox holds. Times are epoch seconds; `since` is None when no article waits."""

    articles: int
    states: int
    since: float | None
    reason: str
    next_try: float | None
    dead: int
    reasons: list[tuple[str, int]]
    bytes: int

    @property
    def left(self) -> int:
        """How much is not in the index yet."""
        return self.articles + self.states


class Outbox:
    """An outbox file and its parts. Nothing is opened or made until something is asked of them."""

    def __init__(self, path: Path, *, limit_bytes: int = LIMIT_BYTES, lease: float = LEASE) -> None:
        self.file = OutboxFile(path)
        self.letters = Letters(self.file, limit_bytes, lease)
        self.dead = DeadLetters(self.file)
        self.states = States(self.file)
        self.runs = Runs(self.states)
        self.pauses = Pauses(self.file)

    @classmethod
    def at(cls, address: str, settings: Settings) -> Self:
        """The outbox of the index at an address, where the settings put it."""
        path = outbox_path(settings.outbox.folder, address, settings.elasticsearch.name)
        return cls(path, limit_bytes=settings.outbox.limit_mb * MIB)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.file.path

    def summary(self, now: float) -> Summary:
        """Counts and reasons for whoever looks after the machine."""
        pause = self._holding(now)
        waits = self.letters.count() + self.states.dirty() > 0
        return Summary(
            articles=self.letters.count(),
            states=self.states.dirty(),
            since=self.letters.oldest(),
            reason=(pause.reason if pause else "") or self.letters.reason() or self.states.reason(),
            next_try=self.next_moment(now) if waits else None,
            dead=self.dead.count(),
            reasons=self.dead.reasons(),
            bytes=self.letters.used_bytes(),
        )

    def next_moment(self, now: float) -> float:
        """When the next attempt may be made (epoch seconds); `now` when at once."""
        holding = [pause.until for pause in self.pauses.all() if pause.holds(now)]
        own = self.letters.next_moment(now)
        return max([own if own is not None else now, *holding])

    def _holding(self, now: float) -> Pause | None:
        pauses = self.pauses.all()
        return next((pause for pause in pauses if pause.holds(now)), pauses[0] if pauses else None)

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def outbox_path(folder: Path, address: str, name: str) -> Path:
    """The outbox of an index: `es.example.org-9200-news.db` for https://es.example.org:9200 and `news`.

    Whatever else is in the address (scheme, credentials) is no part of it. Of several addresses of one
    cluster, parted by commas, the first in the alphabet counts, whatever their order.
    """
    parts = urlsplit(min(each.strip() for each in address.split(",")))
    host = f"{parts.hostname}-{parts.port or (443 if parts.scheme == 'https' else 80)}"
    words = [host, *filter(None, parts.path.split("/")), name]
    return folder / (re.sub(r"[^\w.-]+", "_", "-".join(words)) + ".db")
