"""What is said of one article, as values: `index.stories.explain` fills them in, the command and the page show them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal, Self

from index.timestamp import timestamp

if TYPE_CHECKING:
    from index.article import Article, EvidenceKind, Origin, Precision, Role
    from index.stories.overlap import Overlap
    from index.stories.prose import LeftOut
    from index.stories.slots import SlotCount

Counts = Literal["mark", "own", "report"]
"""What a sign is worth: a mark of another house; its own house, which is no mark; or only a report about."""

Step = Literal["alone", "named", "unmarked", "dateline", "earliest", "smallest_id"]
"""What decides which article of a story is the canonical one, in the order in which it is asked."""

StoredPair = Literal["same", "stale", "missing", "none"]
"""What the index holds of a pair: the same verdict, another one, none of an accepted pair, or rightly none."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An article as it is named to a reader."""

    id: str
    url: str
    site: str
    domain: str  # its house
    title: str
    published_at: datetime
    published_precision: Precision

    @classmethod
    def of(cls, article: Article) -> Self:
        """The name of a stored article."""
        return cls(*(getattr(article, each.name) for each in fields(cls)))

    def when(self, zone: tzinfo = UTC) -> str:
        """When it was published, in a time zone; the day alone where no more is known."""
        return when(self.published_at, self.published_precision, zone)


@dataclass(frozen=True, slots=True)
class Dated:
    """Where the publication time comes from, and how exact it is."""

    published_at: datetime
    precision: Precision
    origin: Origin
    offset: int | None  # UTC offset that the page gave, in minutes east
    first_seen_at: datetime
    modified_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of whose text it is, and what it is worth."""

    kind: EvidenceKind
    name: str
    domain: str
    text: str
    confidence: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Attributed:
    """Whose text it is, by which signs, strongest first."""

    name: str
    domain: str
    confidence: float
    original_url: str | None
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """An article as the order of its story sees it."""

    article: Reference
    named_by: int  # other articles of the story whose marks name its house
    marks: tuple[str, ...]  # domains of other houses that its own marks name


@dataclass(frozen=True, slots=True)
class Choice:
    """Why the canonical article stands for its story: the step that decides against the runner-up."""

    step: Step
    words: str
    canonical: Contender
    runner_up: Contender | None


@dataclass(frozen=True, slots=True)
class Named:
    """A house that marks of a story's articles name, and whether one of its own articles is in the story."""

    domain: str
    by: int  # articles that name it, those of the house itself apart
    present: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """How a member of the story that is no copy of the article by itself is connected with it."""

    to: Reference
    through: tuple[Reference, ...]  # each an accepted pair with the one before and after it


@dataclass(frozen=True, slots=True)
class Story:
    """The story of the article as it is stored."""

    id: str
    role: Role
    outlets: tuple[str, ...]
    members: tuple[Reference, ...]  # canonical first, then by publication time
    choice: Choice
    named: tuple[Named, ...]  # most often named first
    chains: tuple[Chain, ...]
    unconnected: tuple[Reference, ...]  # members that no accepted pair leads to
    settled: bool  # whether the stored story follows from the stored pairs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a dateline, that is not compared with other articles."""

    why: LeftOut
    text: str


@dataclass(frozen=True, slots=True)
class LeftOutWords:
    """How much of an article is not compared, and for which reasons."""

    words: int
    of: int  # words of the whole article
    why: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """Another article, what the two share, and the rule that decides about them."""

    article: Reference
    ok: bool
    rule: str  # `Verdict.rule`
    words: str  # the rule, and what was measured against what it asks
    measured: float | None  # a share (0 to 1), a count, days (`window`) or hours (`round_up`)
    bound: float | None
    link: str  # which mark links the two; empty: none
    overlap: Overlap
    numbers: SlotCount | None  # None: refused before figures and names were compared
    names: SlotCount | None
    smaller: Literal["this", "other"]  # whose text is the shorter
    smaller_words: int  # words and numbers that are compared
    larger_words: int
    left_out: LeftOutWords  # of the other article
    candidate: bool  # found by its fingerprint now
    shared_values: int  # fingerprint values that it shares
    in_story: bool
    stored: StoredPair
    stored_rule: str | None


@dataclass(frozen=True, slots=True)
class LookUp:
    """How candidates were looked for."""

    values: int  # fingerprint values that the article was looked up by
    found: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of why an article is where it is."""

    article: Reference
    indexed: bool  # False: it waits on this machine for an index that does not answer
    dated: Dated
    source: Attributed
    story: Story
    left_out: tuple[Paragraph, ...]
    look_up: LookUp
    considered: tuple[Considered, ...]  # accepted ones first, then refused ones, the nearest first

    def as_json(self) -> dict[str, Any]:
        """The object that `svodka explain --json` prints; times are ISO 8601 in UTC."""
        plain = _plain(self)
        assert isinstance(plain, dict)  # noqa: S101 - a dataclass becomes one
        return plain


def when(moment: datetime, precision: Precision, zone: tzinfo = UTC) -> str:
    """A publication time for people, in a time zone: as much of it as is known."""
    if precision == "day":
        return _date(moment.astimezone(UTC))
    if precision == "unknown":
        return f"seen {_date(moment.astimezone(zone))}"
    local = moment.astimezone(zone)
    return f"{_date(local)} {local:%H:%M %Z}"


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return timestamp(value)
    return value
