"""Totals and facets of searches, kept while the index does not change.

Counting all hits of a broad search is most of its cost: 0.2 s for the 100,000 of an empty query (measured). The next
page, another order and the start page of the next reader need the same counts.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.results import Facets

KEPT = 64  # searches; one with a thousand days, sites and sources takes some 100 kB


@dataclass(frozen=True, slots=True)
class Counted:
    """How many hits a search has, and its facets."""

    total: int
    facets: Facets


@dataclass(slots=True)
class Counts:
    """The counts of the last searches of one connection."""

    _kept: OrderedDict[Hashable, Counted] = field(default_factory=OrderedDict)
    _version: tuple[int, int] = (0, 0)

    def get(self, connection: sqlite3.Connection, search: Hashable) -> Counted | None:
        """The counts of a search, none after a write; to be called in the transaction that reads the hits."""
        version = _version(connection)
        if version != self._version:
            self._kept.clear()
            self._version = version
        found = self._kept.get(search)
        if found:
            self._kept.move_to_end(search)
        return found

    def keep(self, search: Hashable, counted: Counted) -> None:
        """Remember the counts of a search that `get` was asked for in this transaction."""
        self._kept[search] = counted
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _version(connection: sqlite3.Connection) -> tuple[int, int]:
    """Differs after each commit: SQLite's own number for those of other connections, our changes beside it."""
    (others,) = connection.execute("PRAGMA data_version").fetchone()
    return int(others), connection.total_changes
