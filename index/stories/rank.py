"""From judged pairs to stories: components, story id, and the canonical article by a total order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article, Role


@dataclass(frozen=True, slots=True)
class Member:
    """What the rank needs to know of an article."""

    id: str
    site: str
    domain: str
    published: float  # epoch seconds
    day_only: bool  # published_precision is day or unknown
    marks: tuple[str, ...]  # domains of other houses that its evidence names (confidence >= .5), each once

    @classmethod
    def of(cls, article: Article) -> Member:
        """The member that a stored article is."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Label:
    """The story fields of one article."""

    id: str
    story_id: str
    role: Role
    copies: int
    outlets: tuple[str, ...]


def label(members: Sequence[Member], pairs: Iterable[tuple[str, str]]) -> list[Label]:
    """Labels of all members, given the accepted pairs among them. Pure; any order gives the same result."""
    raise NotImplementedError
