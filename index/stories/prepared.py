"""`Prepared`: an article made ready for comparison with others, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from index.stories.marks import marked_sources
from index.stories.parameters import GRAM
from index.stories.prose import prose, words_hash
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
    published: float  # epoch seconds, as it is stored and looked up by
    earliest: float  # publication, epoch seconds: not before this; -inf when unknown
    latest: float  # and not after this
    sources: frozenset[str]  # whose text its marks say it is
    paragraphs: tuple[tuple[str, ...], ...]  # tokens of the prose as written
    left_out: frozenset[str]  # hashes of paragraphs that are furniture
    keeps_all: bool = False  # they are compared nevertheless

    @classmethod
    def of(cls, article: Article, furniture: frozenset[str] = frozenset()) -> Prepared:
        """Read an article; `furniture` is what its site repeats (see `prose`)."""
        earliest, latest = _published(article)
        return cls(
            id=article.id,
            judged_hash=article.judged_hash,
            domain=article.domain,
            published=article.published_at.timestamp(),
            earliest=earliest,
            latest=latest,
            sources=marked_sources(article),
            paragraphs=tuple(tuple(cased_tokens(part)) for part in prose(article)),
            left_out=furniture,
        )

    def without(self, furniture: frozenset[str]) -> Prepared:
        """The text without what another site repeats as well; itself where it has none of that."""
        more = furniture - self.left_out
        if not more or more.isdisjoint(self._hashes):
            return self
        return replace(self, left_out=self.left_out | furniture)

    def whole(self) -> Prepared:
        """The text with all that its site repeats."""
        return replace(self, keeps_all=True)

    @cached_property
    def _hashes(self) -> tuple[str, ...]:
        return tuple(words_hash([token.lower() for token in part]) for part in self.paragraphs)

    @cached_property
    def _own(self) -> tuple[int, ...]:
        """Places of the paragraphs that are no furniture; of a text that is nothing else, its first."""
        if not self.left_out:
            return tuple(range(len(self.paragraphs)))
        own = tuple(place for place, its in enumerate(self._hashes) if its not in self.left_out)
        return own or tuple(range(len(self.paragraphs)))[:1]

    @cached_property
    def cased(self) -> tuple[str, ...]:
        """Tokens that are compared, as written."""
        parts = self.paragraphs if self.keeps_all else [self.paragraphs[place] for place in self._own]
        return tuple(token for part in parts for token in part)

    @property
    def first(self) -> slice:
        """Where the first paragraph that is no furniture stands among the tokens."""
        if not self._own:
            return slice(0)
        place = self._own[0]
        before = sum(map(len, self.paragraphs[:place])) if self.keeps_all else 0
        return slice(before, before + len(self.paragraphs[place]))

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
