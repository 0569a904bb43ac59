"""Puts stored articles into stories: look up candidates, judge, hand the edges to the index.

Articles are looked up only after they are stored. Of two articles the later look-up therefore runs when
both can be found, whichever was stored first, and the verdict on a pair knows nothing of the order: any
order of arrival and any number of linkers end in the same stories. What a verdict does depend on beside the
two texts is what their sites repeat; that is read once more when the verdicts are stored, and should it have
changed, they are given anew. Only then do the articles count as linked. `docs/stories.md` has a diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Self

from index.backend import Edge, Probe
from index.stories import hot
from index.stories.furniture import Furniture, Shift
from index.stories.texts import Texts
from index.stories.verdict import judge

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend
    from index.stories.prepared import Prepared

Pair = tuple[str, str]  # article ids, the smaller first
ROUNDS = 5  # of judging a batch, before it is left to a later call


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Counts of one linking: articles linked, pairs judged, pairs accepted, articles with a new story label."""

    linked: int = 0
    judged: int = 0
    accepted: int = 0
    relabelled: int = 0

    def __add__(self, other: LinkReport) -> LinkReport:
        return LinkReport(
            self.linked + other.linked,
            self.judged + other.judged,
            self.accepted + other.accepted,
            self.relabelled + other.relabelled,
        )


def link_pending(backend: Backend, *, limit: int | None = None) -> LinkReport:
    """Link what was stored and not yet linked, oldest first, at most `limit` articles.

    Stops when nothing is pending, or when only articles are left whose text another process keeps
    changing: they stay pending for the next call.
    """
    report, last = LinkReport(), list[str]()
    while limit is None or report.linked < limit:
        ids = backend.pending(backend.batch if limit is None else min(backend.batch, limit - report.linked))
        if not ids or ids == last:
            break
        report, last = report + _link(backend, ids), ids
    return report


def link_batch(backend: Backend, ids: Iterable[str]) -> LinkReport:
    """Link these stored articles now, pending or not; ids that are not stored are passed over.

    Every pair an article already has is judged again on the newest texts, so a changed article leaves its
    story when it no longer belongs there.
    """
    report, rest = LinkReport(), iter(dict.fromkeys(ids))
    while batch := list(islice(rest, backend.batch)):
        report += _link(backend, batch)
    return report


def _link(backend: Backend, ids: Sequence[str]) -> LinkReport:
    """Link one batch; while others keep changing what is furniture in it, its articles stay pending."""
    report = LinkReport()
    for _ in range(ROUNDS):
        work = _Work.begun(backend, ids)
        report += work.judge()
        if work.furniture.still_holds():
            return report + work.settle()
    return report


@dataclass(slots=True)
class _Work:
    """One batch at work: its articles, the older ones whose furniture it uncovers, and what is known of them."""

    backend: Backend
    furniture: Furniture
    batch: dict[str, Article]
    shift: Shift

    @classmethod
    def begun(cls, backend: Backend, ids: Sequence[str]) -> Self:
        """The articles as they are stored now."""
        furniture, batch = Furniture(backend), backend.get(ids)
        return cls(backend, furniture, batch, furniture.shift(batch.values()))

    def judge(self) -> LinkReport:
        """Judge the articles and store what follows; they stay pending."""
        articles = {**_older(self.backend, self.shift, self.batch), **self.batch}
        self.furniture.read(articles.values())
        known = {(edge.a, edge.b): edge for edge in self.backend.edges(articles)}
        judged = _judge_all(articles, known, Texts(self.backend, self.furniture))
        relabelled = self.backend.link((), self._news(judged, known, articles)) if judged else ()
        return LinkReport(0, len(judged), sum(edge.ok for edge in judged.values()), len(relabelled))

    def _news(
        self, judged: Mapping[Pair, Edge], known: Mapping[Pair, Edge], articles: Mapping[str, Article]
    ) -> list[Edge]:
        """Edges to store: new and changed ones.

        Those of the older articles are handed on unchanged too: a process that died here may have stored them
        and not the labels, and these articles are no longer pending.
        """
        older = articles.keys() - self.batch.keys()
        return [
            edge
            for pair, edge in judged.items()
            if (edge.ok or pair in known) and (known.get(pair) != edge or not older.isdisjoint(pair))
        ]

    def settle(self) -> LinkReport:
        """Note that the batch is linked."""
        self.furniture.remember(self.shift)
        relabelled = self.backend.link([(each.id, each.judged_hash) for each in self.batch.values()], ())
        return LinkReport(linked=len(self.batch), relabelled=len(relabelled))


def _older(backend: Backend, shift: Shift, batch: dict[str, Article]) -> dict[str, Article]:
    """Articles outside the batch that have to be judged again."""
    ids = sorted(shift.holders - batch.keys())
    return backend.get(ids) if ids else {}


def _judge_all(articles: dict[str, Article], known: Iterable[Pair], texts: Texts) -> dict[Pair, Edge]:
    """Judge each article against its candidates and the partners it already has, each pair once."""
    others = _each_once(_others(articles, known, texts))
    reading = [other for each in others.values() for other in each]  # in the order in which they are judged
    met = {*others, *reading}
    for article in articles.values():
        if article.id in met:
            texts.of(article)
    judged, read = dict[Pair, Edge](), 0
    for id, each in others.items():
        read += len(each)
        judged.update(_judge_article(articles[id], each, texts, islice(reading, read, None)))
    return judged


def _others(articles: dict[str, Article], known: Iterable[Pair], texts: Texts) -> dict[str, set[str]]:
    """Candidates and partners of each article."""
    others = dict(zip(articles, map(set[str], _candidates(articles.values(), texts)), strict=True))
    for a, b in known:
        for one, other in ((a, b), (b, a)):
            if one in others:
                others[one].add(other)
    return others


def _each_once(others: dict[str, set[str]]) -> dict[str, list[str]]:
    """Every pair with the first of its articles alone; articles that are left with none are left out."""
    once, seen = dict[str, list[str]](), set[Pair]()
    for id, each in others.items():
        if new := sorted(other for other in each if _pair(id, other) not in seen):
            once[id] = new
            seen.update(_pair(id, other) for other in new)
    return once


def _candidates(articles: Iterable[Article], texts: Texts) -> list[list[str]]:
    """For each article those that may share text."""
    return hot.candidates(texts.backend, [probe(each, texts.furniture) for each in articles])


def probe(article: Article, furniture: Furniture) -> Probe:
    """What to look an article up by: its shingles; values of lines are for counting, not for finding.

    Shingles of furniture stay: of a short note above a long notice few others were sampled, and what is furniture
    by now was none when earlier articles were looked up. Where they fill the list, `hot` leaves them out.
    """
    lines = set(furniture.lines(article).values())
    shingles = tuple(value for value in article.fingerprint if value not in lines)
    return Probe(article.id, article.published_at, shingles)


def _judge_article(
    article: Article, others: Sequence[str], texts: Texts, ahead: Iterable[str]
) -> Iterator[tuple[Pair, Edge]]:
    one = texts.of(article)
    for other in texts.get(others, ahead):
        yield _pair(one.id, other.id), _edge(one, other)


def _edge(one: Prepared, other: Prepared) -> Edge:
    a, b = sorted((one, other), key=lambda text: text.id)
    verdict = judge(a, b)
    return Edge(a.id, b.id, verdict.ok, verdict.rule, a.judged_hash, b.judged_hash)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
