"""`Prepared`: an article made ready for comparison with others, once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from index.stories.marks import marked_sources
from index.stories.parameters import GRAM
from index.stories.prose import prose
from index.stories.slots import Slots, name_slots, number_slots
from index.stories.tokens import cased_tokens

if TYPE_CHECKING:
    from index.article import Article

# Seconds by which a publication may really lie before and after its stamp. A day, stamped at its noon UTC, is taken
# as the day in UTC: the zone of its site is not known here, and would move it by 14 hours at most.
_SPAN = {"second": (0.0, 0.0), "minute": (0.0, 59.0), "day": (43_200.0, 43_199.0)}


@dataclass(frozen=True)
class Prepared:
    """What the verdict reads of an article; slots and word runs are made at first use."""

    id: str
    judged_hash: str
    domain: str
    earliest: float  # publication, epoch seconds: not before this; -inf when unknown
    latest: float  # and not after this
    sources: frozenset[str]  # whose text its marks say it is
    cased: tuple[str, ...]  # tokens of the prose as written

    @classmethod
    def of(cls, article: Article, furniture: frozenset[str] = frozenset()) -> Prepared:
        """Read an article; `furniture` is what its site repeats (see `prose`)."""
        earliest, latest = _published(article)
        return cls(
            id=article.id,
            judged_hash=article.judged_hash,
            domain=article.domain,
            earliest=earliest,
            latest=latest,
            sources=marked_sources(article),
            cased=tuple(token for part in prose(article, furniture) for token in cased_tokens(part)),
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Tokens of the prose in lower case."""
        return tuple(token.lower() for token in self.cased)

    @cached_property
    def grams(self) -> list[tuple[str, ...]]:
        """Runs of three words, in order."""
        return list(zip(*(self.words[start:] for start in range(GRAM)), strict=False))

    @cached_property
    def gram_set(self) -> frozenset[tuple[str, ...]]:
        """The different runs."""
        return frozenset(self.grams)

    @cached_property
    def numbers(self) -> Slots:
        """Its number slots."""
        return number_slots(self.words)

    @cached_property
    def names(self) -> Slots:
        """Its name slots."""
        return name_slots(self.cased, self.words)


def _published(article: Article) -> tuple[float, float]:
    if article.published_precision == "unknown":
        return -inf, inf
    stamp = article.published_at.timestamp()
    before, after = _SPAN[article.published_precision]
    return stamp - before, stamp + after
