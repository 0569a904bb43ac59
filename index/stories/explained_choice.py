"""Why one article stands for its story, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from index.stories.explained import Choice, Contender, Named, Reference, Step
from index.stories.rank import Member, Standing, standings

if TYPE_CHECKING:
    from index.article import Article

_STEPS: tuple[Step, ...] = (
    "named",
    "unmarked",
    "dateline",
    "earliest",
    "smallest_id",
)  # as `Standing` has them


def choice(members: Sequence[Article], zone: tzinfo = UTC) -> Choice:
    """The canonical article by the order that `index.stories.rank` goes by, and what decided; times in `zone`."""
    standing = standings([Member.of(each) for each in members])
    ranked = sorted(members, key=lambda each: standing[each.id])
    first = _contender(ranked[0], standing)
    if len(ranked) == 1:
        return Choice("alone", "it is the only article of its story", first, None)
    second = _contender(ranked[1], standing)
    step = _deciding(standing[ranked[0].id], standing[ranked[1].id])
    return Choice(step, _words(step, first, second, ranked[0].domain, zone), first, second)


def named(members: Sequence[Article]) -> tuple[Named, ...]:
    """The houses that marks of these members name, the most often named first."""
    named_by = Counter(domain for each in members for domain in Member.of(each).marks)
    houses = {each.domain for each in members}
    return tuple(
        Named(domain, count, domain in houses)
        for domain, count in sorted(named_by.items(), key=lambda item: (-item[1], item[0]))
    )


def _contender(article: Article, standing: Mapping[str, Standing]) -> Contender:
    foreign = tuple(mark for mark in Member.of(article).marks if mark != article.domain)
    return Contender(Reference.of(article), -standing[article.id].named, foreign)


def _deciding(first: Standing, second: Standing) -> Step:
    """The first step in which two standings differ; ids always do."""
    return next(step for step, one, other in zip(_STEPS, first, second, strict=True) if one != other)


def _words(step: Step, first: Contender, second: Contender, domain: str, zone: tzinfo) -> str:
    if step == "named":
        others = f"{first.named_by} other article{'' if first.named_by == 1 else 's'} of the story"
        rival = f"{second.named_by or 'none'} {'name' if second.named_by > 1 else 'names'} the runner-up's"
        return f"the marks of {others} name its house, {domain}, or a reprint of it; {rival}"
    if step == "unmarked":
        named = ", ".join(second.marks)
        return f"it carries no mark of another house, the runner-up does ({named}){_tie(first)}"
    if step == "dateline":
        return f"it opens with the dateline of its own house, the runner-up does not{_tie(first)}"
    if step == "earliest":
        times = f"{_latest(first.article, zone)}; the runner-up {_latest(second.article, zone)}"
        return f"it is the earliest: {times}{_tie(first)}"
    return f"nothing else tells the two apart, so the smaller id decides{_tie(first)}"


def _tie(first: Contender) -> str:
    """What the steps before have left open."""
    others = "1 other" if first.named_by == 1 else f"{first.named_by} others"
    return f" (both houses are named by {others})" if first.named_by else ""


def _latest(article: Reference, zone: tzinfo) -> str:
    """The time that counts, as `index.stories.rank` takes it."""
    if article.published_precision == "day":
        return f"{article.when(zone)}, which without a time counts as the end of the day"
    if article.published_precision == "unknown":
        return f"{article.when(zone)}, which without a date counts as a day later"
    return article.when(zone)
