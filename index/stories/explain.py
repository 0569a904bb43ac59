"""`explain`: why an article is in its story, by the very functions that put it there.

Reads only. What it finds is what linking the article now would find; where the index holds something else, a
verdict from before a change or none yet, it says so.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from index.backend import Edge
from index.stories import hot
from index.stories.explained import (
    Attributed,
    Chain,
    Considered,
    Counts,
    Dated,
    Explanation,
    LeftOutWords,
    LookUp,
    Paragraph,
    Reference,
    Sign,
    StoredPair,
    Story,
)
from index.stories.explained_choice import choice, named
from index.stories.explained_rule import linked_by, reason
from index.stories.furniture import Furniture
from index.stories.linker import probe
from index.stories.marks import foreign_marks
from index.stories.parameters import CANDIDATES
from index.stories.prose import sorted_out
from index.stories.rank import Label, Member, label
from index.stories.texts import Texts
from index.stories.tokens import tokens
from index.stories.verdict import Verdict, compared, judge

if TYPE_CHECKING:
    from index.article import Article, Evidence
    from index.backend import Backend, Probe
    from index.stories.prepared import Prepared


def explain(
    backend: Backend, article: Article, other: Article | None = None, *, zone: tzinfo = UTC
) -> Explanation:
    """Explain one article as `Backend.get` gives it. Writes nothing; raises what the index raises.

    `other` is compared with it whether or not linking would look at it; times within sentences are in `zone`. Costs what linking the article costs, and
    reading its story.
    """
    stored = backend.story(article.id)
    members = stored or [article]
    edges = backend.edges([each.id for each in members])
    furniture = Furniture(backend)
    asked = probe(article, furniture)
    (found,) = hot.candidates(backend, [asked])
    desk = _Desk(
        asked=asked,
        this=article,
        texts=Texts(backend, furniture),
        found=frozenset(found),
        partners={_other(edge, article.id): edge for edge in edges if article.id in {edge.a, edge.b}},
        members=frozenset(each.id for each in members),
        asked_for=frozenset({other.id} if other else ()),
    )
    return Explanation(
        article=Reference.of(article),
        indexed=bool(stored),
        dated=_dated(article),
        source=_attributed(article),
        story=_story(article, members, edges, zone),
        left_out=_left_out(article, furniture),
        look_up=LookUp(len(asked.values), len(found), CANDIDATES),
        considered=tuple(sorted(desk.considered(), key=_nearest_first)),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """An article and what the index holds of others beside it."""

    asked: Probe
    this: Article
    texts: Texts
    found: frozenset[str]  # candidates
    partners: Mapping[str, Edge]  # articles that it was judged with before
    members: frozenset[str]  # of its story
    asked_for: frozenset[str]  # compared whatever they have in common

    def considered(self) -> Iterator[Considered]:
        """Judge the article with its candidates and partners, as linking it does."""
        others = self.texts.backend.get(sorted({*self.found, *self.partners, *self.asked_for}))
        self.texts.furniture.read([self.this, *others.values()])
        for other in others.values():
            yield self._judged(other, self.texts.of(self.this), self.texts.of(other))

    def _judged(self, other: Article, one: Prepared, two: Prepared) -> Considered:
        verdict = judge(one, two)
        pair = compared(one, two, whole=verdict.whole)
        why = reason(pair, verdict)
        edge = self.partners.get(other.id)
        return Considered(
            article=Reference.of(other),
            ok=verdict.ok,
            rule=verdict.rule,
            words=why.words,
            measured=why.measured,
            bound=why.bound,
            link=linked_by(one, two),
            overlap=verdict.overlap,
            numbers=verdict.numbers,
            names=verdict.names,
            smaller="this" if verdict.small == one.id else "other",
            smaller_words=len(pair.small.cased),
            larger_words=len(pair.large.cased),
            left_out=_left_out_words(other, self.texts.furniture),
            candidate=(candidate := other.id in self.found),
            shared_values=len({*self.asked.values}.intersection(other.fingerprint)),
            in_story=other.id in self.members,
            stored=_stored(edge, verdict, one, two) if edge or candidate else "none",
            stored_rule=edge.rule if edge else None,
        )


def _other(edge: Edge, id: str) -> str:
    return edge.b if edge.a == id else edge.a


def _nearest_first(each: Considered) -> tuple[bool, float, float, str]:
    return not each.ok, -each.overlap.small, -each.overlap.large, each.article.id


def _dated(article: Article) -> Dated:
    return Dated(
        published_at=article.published_at,
        precision=article.published_precision,
        origin=article.published_origin,
        offset=article.published_offset,
        first_seen_at=article.first_seen_at,
        modified_at=article.modified_at,
        revision=article.revision,
    )


def _attributed(article: Article) -> Attributed:
    marks = foreign_marks(article)
    return Attributed(
        name=article.source.name,
        domain=article.source.domain,
        confidence=article.source.confidence,
        original_url=article.original_url,
        signs=tuple(
            Sign(each.kind, each.name, each.domain, each.text, each.confidence, worth(each, article, marks))
            for each in article.source.evidence
        ),
    )


def worth(sign: Evidence, article: Article, marks: Sequence[Evidence]) -> Counts:
    """What a sign of an article counts; `marks`: its marks of other houses (`foreign_marks`)."""
    if sign in marks:
        return "mark"
    return "own" if sign.kind == "own_site" or sign.domain == article.domain else "report"


def _left_out(article: Article, furniture: Furniture) -> tuple[Paragraph, ...]:
    parts = sorted_out(article, furniture.of(article))
    return tuple(Paragraph(why, part.strip()) for part, why in parts if why and part.strip())


def _left_out_words(article: Article, furniture: Furniture) -> LeftOutWords:
    parts = [(len(tokens(part)), why) for part, why in sorted_out(article, furniture.of(article))]
    left_out = [(count, why) for count, why in parts if why and count]
    return LeftOutWords(
        words=sum(count for count, _ in left_out),
        of=sum(count for count, _ in parts),
        why=tuple(dict.fromkeys(why for _, why in left_out)),
    )


def _stored(held: Edge | None, verdict: Verdict, one: Prepared, two: Prepared) -> StoredPair:
    """Refused pairs are stored only where they once were accepted."""
    if held is None:
        return "missing" if verdict.ok else "none"
    a, b = sorted((one, two), key=lambda text: text.id)
    now = Edge(a.id, b.id, verdict.ok, verdict.rule, a.judged_hash, b.judged_hash)
    return "same" if held == now else "stale"


def _story(article: Article, members: Sequence[Article], edges: Iterable[Edge], zone: tzinfo) -> Story:
    accepted = [(edge.a, edge.b) for edge in edges if edge.ok]
    by_id = {each.id: each for each in members}
    ways = ways_from(article.id, accepted)
    return Story(
        id=article.story_id or article.id,
        role=article.role,
        outlets=tuple(sorted({each.site for each in members})),
        members=tuple(map(Reference.of, members)),
        choice=choice(members, zone),
        named=named(members),
        chains=_chains(by_id, ways),
        unconnected=tuple(Reference.of(each) for each in members if each.id not in ways),
        settled=_settled(members, accepted),
    )


def _chains(by_id: Mapping[str, Article], ways: Mapping[str, tuple[str, ...]]) -> tuple[Chain, ...]:
    """The ways that lead over other members, shortest first."""
    return tuple(
        Chain(Reference.of(by_id[id]), tuple(Reference.of(by_id[each]) for each in way))
        for id, way in ways.items()
        if id in by_id and way and all(each in by_id for each in way)
    )


def ways_from(start: str, pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Who can be reached over pairs, each with those between on one of the shortest ways."""
    near = defaultdict[str, set[str]](set)
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)
    ways, waiting = {start: tuple[str, ...]()}, deque([start])
    while waiting:
        at = waiting.popleft()
        between = (*ways[at], at) if at != start else ()
        for each in sorted(near[at] - ways.keys()):
            ways[each] = between
            waiting.append(each)
    return ways


def _settled(members: Sequence[Article], accepted: Iterable[tuple[str, str]]) -> bool:
    """Whether the stored labels are those that follow from the pairs, and no pair leads elsewhere."""
    pairs, ids = list(accepted), {each.id for each in members}
    due = {each.id: each for each in label([Member.of(each) for each in members], pairs)}
    labels_follow = all(_label(each) == due[each.id] for each in members)
    return labels_follow and ids.issuperset(id for pair in pairs for id in pair)


def _label(article: Article) -> Label:
    """The label that an article is stored with."""
    return Label(
        id=article.id,
        story_id=article.story_id or "",
        role=article.role,
        copies=article.copies,
        outlets=tuple(article.outlets),
        first_copy_at=article.first_copy_at,
        last_copy_at=article.last_copy_at,
    )
