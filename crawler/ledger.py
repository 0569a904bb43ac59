"""`Ledger`: the account of one run of one site. Every link found ends in exactly one outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.discovery.link import Link
    from crawler.outcome import Outcome


class DoubleEntry(AssertionError):
    """A link ended twice, or was never found: a fault in the crawler itself."""


@dataclass(slots=True)
class Entry:
    """One link of the run and what became of it."""

    link: Link
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(slots=True)
class Ledger:
    """Links of one run by their identity hash, in the order in which they were found."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def find(self, link_id: str, link: Link) -> bool:
        """Enter a link; False when this run has it already (another feed names it too)."""
        if link_id in self.entries:
            return False
        self.entries[link_id] = Entry(link)
        return True

    def has(self, link_id: str) -> bool:
        """Whether this run has a link."""
        return link_id in self.entries

    def end(self, link_id: str, outcome: Outcome, reason: str = "") -> None:
        """Write down a link's one outcome; raises `DoubleEntry` when it has one already or is unknown."""
        entry = self.entries.get(link_id)
        if entry is None:
            raise DoubleEntry(f"{link_id} ended as {outcome} but was never found")
        if entry.outcome is not None:
            raise DoubleEntry(f"{entry.link.url} ended as {entry.outcome} and again as {outcome} ({reason})")
        entry.outcome, entry.reason = outcome, reason

    def is_open(self, link_id: str) -> bool:
        """Whether a link was found and has no outcome yet."""
        entry = self.entries.get(link_id)
        return entry is not None and entry.outcome is None

    def open_links(self) -> list[str]:
        """Ids of the links without an outcome."""
        return [link_id for link_id in self.entries if self.is_open(link_id)]

    def outcomes(self) -> Counter[str]:
        """How many links ended in each outcome."""
        return Counter(entry.outcome for entry in self.entries.values() if entry.outcome)

    def reasons(self) -> Counter[tuple[str, str]]:
        """How many links ended for each (outcome, reason), where a reason was given."""
        return Counter((e.outcome, e.reason) for e in self.entries.values() if e.outcome and e.reason)
