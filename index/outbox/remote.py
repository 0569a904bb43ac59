"""What the outbox needs of a remote engine beyond `Backend`: delivery with one answer an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.backend import Backend, Stored

if TYPE_CHECKING:
    from index.article import Article


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one article that was sent: exactly one of the three fields is set.

    `stored`: it is durable in the index. `refused`: the index will never take this document, with the server's
    reason. `later`: not now (429, 5xx, a write block), with the reason; sending it again may succeed.
    `retry_after` is how many seconds the server asked for, with `later` only.
    """

    stored: Stored | None = None
    refused: str = ""
    later: str = ""
    retry_after: float | None = None


class Remote(Backend, Protocol):
    """An engine on the other side of a network. Every call may raise `IndexUnreachable`."""

    def deliver(self, batch: Sequence[Article]) -> list[Delivery]:
        """Store articles, each on its own; one answer each, in order.

        Sending an article again is harmless: it is told from what is stored by id, text and fetch time.
        Raises `IndexUnreachable` when nothing is known of any of them (no answer), `IndexUnavailable` when
        someone has to act first (credentials, schema version).
        """
