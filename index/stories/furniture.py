"""Lines that a site repeats under or above its articles: pleas to subscribe, rights notices, disclaimers.

Short notes above the same long notice look like copies, and a cut copy drowns in it. What is furniture is
no list kept apart but a count over the stored articles: each article carries, beside its shingles, one
fingerprint value for its opening and for each of its last paragraphs, made of the site, the month and the paragraph. A line is
furniture where at least `REPEATED` articles hold its value. So the answer depends on what is stored and on
nothing else, and it is one look-up by key in any engine.

The month is that of the first sight, which never changes: a publication time that is put right later must not
move an article's lines. A month keeps the count current, and is long enough for a site of one article a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.stories.parameters import HOLDERS, REPEATED, TAIL
from index.stories.prose import paragraph_hash, prose

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend

REMEMBERED = 500  # values per site whose holders were judged again; forgetting one costs work, no accuracy


def line_values(article: Article) -> dict[str, str]:
    """Paragraph hash to fingerprint value (16 hex digits) of the opening and of the last paragraphs."""
    month = _month(article)
    parts = prose(article)
    hashes = [paragraph_hash(part) for part in [*parts[:1], *parts[1:][-TAIL:]]]
    return {each: _value(article.site, month, each) for each in hashes}


def _month(article: Article) -> str:
    return article.first_seen_at.strftime("%Y-%m")


def _value(site: str, month: str, paragraph: str) -> str:
    return blake2b(f"{site} {month} {paragraph}".encode(), digest_size=8).hexdigest()


def with_own_lines(article: Article, fetched: Article) -> Article:
    """An article that has another first sight than the fetch its text and fingerprint are from, its lines put right."""
    if _month(article) == _month(fetched):
        return article
    former, right = line_values(fetched).values(), line_values(article).values()
    return article.model_copy(
        update={"fingerprint": sorted({*article.fingerprint}.difference(former).union(right))}
    )


@dataclass(slots=True)
class Shift:
    """What newly stored texts change about furniture: values by site, and the articles it concerns."""

    learned: dict[str, set[str]] = field(default_factory=dict)
    unlearned: dict[str, set[str]] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)


class Furniture:
    """Which lines are furniture, as the index answers during one batch.

    Asks about stored articles only, so each is among the holders that the index counts. The look-ups need
    no window: a line's value is made of the month, so all its holders lie within that month.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._lines: dict[str, dict[str, str]] = {}
        self._holders: dict[str, list[str]] = {}  # by value; none where fewer than REPEATED hold it
        self._relied_on: set[str] = set()  # values that verdicts depend on

    def read(self, articles: Iterable[Article]) -> None:
        """Look up the lines of these articles in one call; `of` and `shift` then answer without any."""
        values = {value for each in articles for value in self.lines(each).values()} - self._holders.keys()
        if values:
            repeated = self.backend.holders(sorted(values), at_least=REPEATED, limit=HOLDERS)
            self._holders |= {value: repeated.get(value, []) for value in values}

    def of(self, article: Article) -> frozenset[str]:
        """Hashes of the article's paragraphs that are furniture of its site: a verdict on it leaves them out.

        `still_holds` will look at them again.
        """
        self._relied_on.update(self.lines(article).values())
        self.read([article])
        return frozenset(each for each, value in self.lines(article).items() if self._holders[value])

    def still_holds(self) -> bool:
        """Whether all that verdicts relied on is in the index now as it was read.

        To be asked when they are stored. Whoever stores an article that makes a line furniture later than that
        finds them stored, and judges anew.
        """
        values = sorted(self._relied_on)
        now = self.backend.holders(values, at_least=REPEATED, limit=1) if values else {}
        return all((value in now) == bool(self._holders[value]) for value in values)

    def lines(self, article: Article) -> dict[str, str]:
        """`line_values` of a stored article."""
        if article.id not in self._lines:
            self._lines[article.id] = line_values(article)
        return self._lines[article.id]

    def shift(self, articles: Iterable[Article]) -> Shift:
        """What these articles, newly stored, turn into furniture, or back into text.

        Articles linked before were judged without it: they are `holders`, to be judged again. A site's
        state remembers for which values that was done; it is a note, verdicts never read it.
        """
        batch = list(articles)
        self.read(batch)
        repeated, revised = self._repeated(batch), [each for each in batch if each.revision > 1]
        sites = {*repeated, *(each.site for each in revised)}
        done = {site: self._remembered(site) for site in sorted(sites)}
        shift = Shift({site: new for site, values in repeated.items() if (new := values - done[site])})
        shift.holders.update(*(self._holders[value] for new in shift.learned.values() for value in new))
        self._unlearn(shift, self._dropped(revised))
        return shift

    def _repeated(self, articles: Sequence[Article]) -> dict[str, set[str]]:
        """Values of the furniture in these articles, by site."""
        repeated: dict[str, set[str]] = defaultdict(set)
        for article in articles:
            for value in self.lines(article).values():
                if self._holders[value]:
                    repeated[article.site].add(value)
        return repeated

    def _dropped(self, revised: Sequence[Article]) -> dict[str, set[str]]:
        """The values that these articles held in earlier texts and hold no more, by site."""
        dropped: dict[str, set[str]] = defaultdict(set)
        for article in revised:
            dropped[article.site] |= self._former(article) - set(self.lines(article).values())
        return dropped

    def _former(self, article: Article) -> set[str]:
        """Values of the article's earlier texts."""
        return {value for old in self.backend.revisions(article.id) for value in line_values(old).values()}

    def _unlearn(self, shift: Shift, dropped: dict[str, set[str]]) -> None:
        """Add to a shift the dropped values that too few articles hold by now, and these articles."""
        values = set[str]().union(*dropped.values())
        left = self.backend.holders(sorted(values), at_least=1, limit=REPEATED) if values else {}
        few = {value: ids for value in values if len(ids := left.get(value, [])) < REPEATED}
        shift.unlearned = {site: gone for site, each in dropped.items() if (gone := each & few.keys())}
        shift.holders.update(*few.values())

    def _remembered(self, site: str) -> set[str]:
        return set(self.backend.get_state(_key(site)).get("judged", ()))

    def remember(self, shift: Shift) -> None:
        """Note that the holders were judged again; called after their edges are stored."""
        for site in shift.learned.keys() | shift.unlearned.keys():
            kept = self.backend.get_state(_key(site)).get("judged", [])
            learned = shift.learned.get(site, set())
            gone = learned | shift.unlearned.get(site, set())
            values = [value for value in kept if value not in gone] + sorted(learned)
            self.backend.put_state(_key(site), {"judged": values[-REMEMBERED:]})


def _key(site: str) -> str:
    return f"furniture:{site}"
