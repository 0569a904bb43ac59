"""Prepared texts of the articles at work, held within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from index.stories.furniture import Furniture
from index.stories.prepared import Prepared

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend

KEPT_WORDS = 150_000  # words of prepared texts held at a time: 58 MB, at 384 bytes a word (measured)
READ_AT_ONCE = 50  # articles read from the index in one call


class Texts:
    """Prepared texts by article id; the least recently used go first when they grow too many.

    Lives for one batch: texts and furniture are what the index held when it began.
    """

    def __init__(self, backend: Backend, furniture: Furniture, words: int = KEPT_WORDS) -> None:
        self.backend = backend
        self.furniture = furniture
        self.room = words
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def of(self, article: Article) -> Prepared:
        """An article's prepared text."""
        if article.id in self._kept:
            self._kept.move_to_end(article.id)
            return self._kept[article.id]
        text = self._kept[article.id] = Prepared.of(article, self.furniture.of(article))
        self.room -= len(text.cased)
        while self.room < 0 and len(self._kept) > 1:
            self.room += len(self._kept.popitem(last=False)[1].cased)
        return text

    def get(self, ids: Sequence[str], ahead: Iterable[str] = ()) -> Iterator[Prepared]:
        """Prepared texts of stored articles, those at hand first; ids that are not stored are left out.

        `ahead` names what will be asked for next, soonest first: calls that are not full take it along.
        """
        at_hand = [self._kept[each] for each in ids if each in self._kept]
        absent = [each for each in ids if each not in self._kept]
        coming = (each for each in ahead if each not in self._kept)
        yield from at_hand
        for start in range(0, len(absent), READ_AT_ONCE):
            group = absent[start : start + READ_AT_ONCE]
            along = islice(coming, READ_AT_ONCE - len(group))
            asked = set(group)
            yield from (text for text in self._read([*group, *along]) if text.id in asked)

    def _read(self, ids: Iterable[str]) -> Iterator[Prepared]:
        """Texts of stored articles and their furniture, by one call each."""
        articles = self.backend.get(dict.fromkeys(ids)).values()
        self.furniture.read(articles)
        return map(self.of, articles)
