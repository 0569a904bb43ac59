"""Lines that a site repeats under its articles: pleas to subscribe, rights notices, disclaimers.

Short notes above the same long notice look like copies, and a cut copy drowns in it. What is furniture is
no list kept apart but a count over the stored articles: each article carries, beside its shingles, one
fingerprint value for each of its last paragraphs, made of the site, the week and the paragraph. A line is
furniture where at least `REPEATED` articles hold its value. So the answer depends on what is stored and on
nothing else, and it is one look-up by key in any engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.stories.parameters import HOLDERS, REPEATED, TAIL, WINDOW_DAYS
from index.stories.prose import paragraph_hash, prose

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend

REMEMBERED = 500  # values per site whose holders were judged again; forgetting one costs work, no accuracy


def line_values(article: Article) -> dict[str, str]:
    """Paragraph hash to fingerprint value (16 hex digits) of the last paragraphs, the opening left out."""
    week = article.published_at.strftime("%G-%V")
    hashes = [paragraph_hash(part) for part in prose(article)[1:][-TAIL:]]
    return {each: _value(article.site, week, each) for each in hashes}


def _value(site: str, week: str, paragraph: str) -> str:
    return blake2b(f"{site} {week} {paragraph}".encode(), digest_size=8).hexdigest()


@dataclass(slots=True)
class Shift:
    """What newly stored texts change about furniture: values by site, and the articles it concerns."""

    learned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unlearned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    holders: set[str] = field(default_factory=set)


class Furniture:
    """Which lines are furniture, as the index answers during one batch."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._lines: dict[str, dict[str, str]] = {}
        self._holders: dict[str, set[str]] = {}

    def of(self, article: Article) -> frozenset[str]:
        """Hashes of the article's paragraphs that are furniture of its site."""
        lines = self.lines(article).items()
        return frozenset(each for each, value in lines if len(self.holders(article, value)) >= REPEATED)

    def lines(self, article: Article) -> dict[str, str]:
        """`line_values` of a stored article."""
        if article.id not in self._lines:
            self._lines[article.id] = line_values(article)
        return self._lines[article.id]

    def holders(self, article: Article, value: str) -> set[str]:
        """Stored articles with a value; `article` names the time around which they are looked for."""
        if value not in self._holders:
            self._holders[value] = set(self._holding(article, value))
        return self._holders[value]

    def _holding(self, article: Article, value: str) -> Iterable[str]:
        probe = article.model_copy(update={"fingerprint": [value]})
        others = self.backend.candidates(probe, share=1, days=WINDOW_DAYS, limit=HOLDERS)
        return [*others, article.id] if value in article.fingerprint else others

    def shift(self, articles: Iterable[Article]) -> Shift:
        """What these articles, newly stored, turn into furniture, or back into text.

        Articles linked before were judged without it: they are `holders`, to be judged again. A site's
        state remembers for which values that was done; it is a note, verdicts never read it.
        """
        shift = Shift()
        for article in articles:
            done = self._remembered(article.site)
            values = set(self.lines(article).values())
            for value in values - done:
                if len(holders := self.holders(article, value)) >= REPEATED:
                    shift.learned[article.site].add(value)
                    shift.holders |= holders
            for value in (self._former(article) - values) & done:
                if len(holders := self.holders(article, value)) < REPEATED:
                    shift.unlearned[article.site].add(value)
                    shift.holders |= holders
        return shift

    def _former(self, article: Article) -> set[str]:
        """Values of the article's earlier texts."""
        if article.revision == 1:
            return set()
        return {value for old in self.backend.revisions(article.id) for value in line_values(old).values()}

    def _remembered(self, site: str) -> set[str]:
        return set(self.backend.get_state(_key(site)).get("judged", ()))

    def remember(self, shift: Shift) -> None:
        """Note that the holders were judged again; called after their edges are stored."""
        for site in shift.learned.keys() | shift.unlearned.keys():
            kept = self.backend.get_state(_key(site)).get("judged", [])
            gone = shift.unlearned[site] | shift.learned[site]
            values = [value for value in kept if value not in gone] + sorted(shift.learned[site])
            self.backend.put_state(_key(site), {"judged": values[-REMEMBERED:]})


def _key(site: str) -> str:
    return f"furniture:{site}"
