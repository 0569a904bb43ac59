"""`Sign`: one mark of another (or the own) house on a page, before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.agencies import Agency
    from index.article import EvidenceKind


@dataclass(frozen=True, slots=True)
class House:
    """A publishing house: its name, its main domain, and its owner where the agency table knows it."""

    name: str
    domain: str
    owner: str | None = None
    also: frozenset[str] = frozenset()  # main domains of its mirrors and sections

    @classmethod
    def of(cls, agency: Agency) -> House:
        """The house of a record of the agency table."""
        return cls(agency.name, agency.domain, agency.owner)

    def is_kin(self, other: House) -> bool:
        """Whether two are one house or sisters under one owner."""
        if self.domain in {other.domain, *other.also}:
            return True
        return self.owner is not None and self.owner == other.owner


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its form, the house it names, the words that carry it, and the address it gives."""

    kind: EvidenceKind
    house: House
    text: str
    url: str | None = None
