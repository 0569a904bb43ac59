"""Pairs of articles judged for a reader: the verdict that linking would give now, and what was measured for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.stories.explain import ways_from
from index.stories.explained_rule import links, reason
from index.stories.furniture import Furniture
from index.stories.texts import Texts
from index.stories.verdict import compared, judge

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend, Edge
    from index.stories.explained_rule import Links, Reason
    from index.stories.prepared import Prepared
    from index.stories.slots import SlotCount


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two articles and what decides about them; `shared` and `words` are of the first and of the second."""

    ok: bool
    rule: str  # `Verdict.rule`
    reason: Reason
    links: Links
    shared: tuple[float, float]  # how much of the text is in the other's, 0 to 1
    words: tuple[int, int]  # words and numbers that are compared
    numbers: SlotCount | None  # None: refused before figures and names were compared
    names: SlotCount | None


def pairings(backend: Backend, pairs: Sequence[tuple[Article, Article]]) -> list[Pairing]:
    """Judge stored articles pair by pair, by the functions that link them. Reads what their sites repeat, at once."""
    articles = {each.id: each for pair in pairs for each in pair}
    furniture = Furniture(backend)
    furniture.read(articles.values())
    texts = Texts(backend, furniture)
    return [_pairing(texts.of(one), texts.of(other)) for one, other in pairs]


def _pairing(one: Prepared, other: Prepared) -> Pairing:
    verdict = judge(one, other)
    pair = compared(one, other, whole=verdict.whole)
    shared = pair.overlap.small, pair.overlap.large
    words = len(pair.small.cased), len(pair.large.cased)
    first = verdict.small == one.id
    return Pairing(
        ok=verdict.ok,
        rule=verdict.rule,
        reason=reason(pair, verdict),
        links=links(one, other),
        shared=shared if first else shared[::-1],
        words=words if first else words[::-1],
        numbers=verdict.numbers,
        names=verdict.names,
    )


def ways_to_original(
    backend: Backend, members: Sequence[Article], shown: Sequence[Article]
) -> Mapping[str, tuple[Article, ...]]:
    """How accepted pairs lead from the first of a story's members to some of them: id to the articles between.

    One that is left out is one that no accepted pair leads to. Of a big story the pairs of the first and of those
    shown are enough, as a way over one other article is the longest there is as a rule; all are read where not.
    """
    first = members[0]
    ways = _ways(members, backend.edges([first.id, *(each.id for each in shown)]))
    if all(each.id in ways and len(ways[each.id]) <= 1 for each in shown):
        return ways
    return _ways(members, backend.edges([each.id for each in members]))


def _ways(members: Sequence[Article], edges: Iterable[Edge]) -> dict[str, tuple[Article, ...]]:
    by_id = {each.id: each for each in members}
    ways = ways_from(members[0].id, [(edge.a, edge.b) for edge in edges if edge.ok])
    return {
        id: tuple(by_id[each] for each in way)
        for id, way in ways.items()
        if id in by_id and all(each in by_id for each in way)
    }
