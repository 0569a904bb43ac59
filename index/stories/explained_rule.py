"""A verdict in plain words: the rule that decided, with what was measured against what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.stories import parameters as limit

if TYPE_CHECKING:
    from index.stories.prepared import Prepared
    from index.stories.slots import SlotCount
    from index.stories.verdict import Pair, Verdict

_HOUR, _DAY = 3600, 86_400  # seconds


Kind = Literal[
    "copy", "marked_copy", "whole", "window", "text", "text_marked", "text_few", "text_few_marked", "part", "opening",
    "opening_part", "opening_none", "same_house", "round_up", "numbers", "numbers_few", "names", "unknown",
]  # fmt: skip
"""What decided, finer than `Verdict.rule`: for readers of other languages, who need words of their own for each."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair was accepted or refused."""

    kind: Kind
    words: str
    measured: float | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Which marks link two articles: the first one's names the other's house, the other's the first one's, or both name one."""

    this: bool
    other: bool
    both: tuple[str, ...]  # domains, or names where that is all


def reason(pair: Pair, verdict: Verdict) -> Reason:
    """The rule of a verdict on a pair in words; a rule without words is named."""
    if verdict.ok:
        return _accepted(pair, verdict)
    if verdict.numbers and verdict.rule == "numbers":
        return _numbers(verdict.numbers)
    if verdict.names and verdict.rule == "names":
        return _names(verdict.names)
    refusal = _REFUSALS.get(verdict.rule)
    return refusal(pair) if refusal else Reason("unknown", f"refused by the rule {verdict.rule!r}")


def linked_by(this: Prepared, other: Prepared) -> str:
    """Which mark links two articles, from the side of one; empty where none does."""
    found, ways = links(this, other), []
    if found.this:
        ways.append(f"this article's mark names {other.domain}, the other's house")
    if found.other:
        ways.append(f"the other's mark names {this.domain}, this article's house")
    if found.both:
        ways.append(f"the marks of both name {', '.join(found.both)}")
    return "; ".join(ways)


def links(this: Prepared, other: Prepared) -> Links:
    """The same as values."""
    return Links(
        other.domain in this.sources,
        this.domain in other.sources,
        tuple(sorted(this.sources & other.sources)),
    )


def _accepted(pair: Pair, verdict: Verdict) -> Reason:
    share = pair.overlap.small
    kind: Kind
    if verdict.whole:
        bound = limit.WHOLE_COVER
        words = (
            f"the same text from the first word to the last, with what their sites repeat: {_percent(bound)} of both has "
            f"to be shared, {_beside(min(share, pair.overlap.large), bound)} is"
        )
        return Reason("whole", words, min(share, pair.overlap.large), bound)
    if share < limit.SMALL_COVER:
        bound, kind = limit.MARKED_COVER, "marked_copy"
        words = f"a mark links the two, so {_percent(bound)} of the shorter text is enough, {_beside(share, bound)} is shared"
    else:
        bound, kind = limit.SMALL_COVER, "copy"
        words = f"{_percent(bound)} of the shorter text has to be shared, {_beside(share, bound)} is"
    return Reason(kind, f"{words}; {_agreement(pair, verdict)}", share, bound)


def _opening_of(pair: Pair) -> str:
    own = pair.overlap.large_head < limit.HEAD_COVER and (
        pair.is_part or pair.overlap.small_head < limit.HEAD_COVER
    )
    return "a mark vouches for an opening of its own" if own else "an opening is shared"


def _agreement(pair: Pair, verdict: Verdict) -> str:
    """What an accepted pair has passed besides."""
    few = [
        f"{_differing(counted, kind)}, few enough"
        for counted, kind in ((verdict.numbers, "figure"), (verdict.names, "name"))
        if counted and counted.differing
    ]
    return ", ".join([_opening_of(pair), *(few or ["figures and names agree where both texts have one"])])


def _window(pair: Pair) -> Reason:
    days = pair.gap / _DAY
    return Reason(
        "window",
        f"published {number_beside(days, limit.WINDOW_DAYS)} days apart, at most {limit.WINDOW_DAYS} may lie between",
        days,
        limit.WINDOW_DAYS,
    )


def _text(pair: Pair) -> Reason:
    share, covered, linked = pair.overlap.small, pair.overlap.covered, pair.linked
    if share < (limit.MARKED_COVER if linked else limit.SMALL_COVER):
        bound = limit.MARKED_COVER if linked else limit.SMALL_COVER
        asked = f"{_percent(bound)} of the shorter text has to be shared"
        asked += " even where a mark links the two" if linked else ""
        return Reason(
            "text_marked" if linked else "text", f"{asked}, {_beside(share, bound)} is", share, bound
        )
    if linked and share < limit.SMALL_COVER:
        asked = f"a mark needs {limit.MARKED_COVERED} shared words beside it"
        return Reason("text_few_marked", f"{asked}, {covered} are shared", covered, limit.MARKED_COVERED)
    asked = f"at least {limit.MIN_COVERED} words have to be shared, fewer are a quote or a stock phrase"
    return Reason("text_few", f"{asked}; {covered} are", covered, limit.MIN_COVERED)


def _part(pair: Pair) -> Reason:
    share, part = pair.overlap.small, pair.overlap.large
    words = (
        f"what is shared is only {_beside(part, limit.PART_OF_LONGER)} of the longer text, a part of it (less than "
        f"{_percent(limit.PART_OF_LONGER)}): then {_percent(limit.PART_COVER)} of the shorter text has to be shared, "
        f"{_beside(share, limit.PART_COVER)} is"
    )
    return Reason("part", words, share, limit.PART_COVER)


def _opening(pair: Pair) -> Reason:
    bound, large, small = limit.HEAD_COVER, pair.overlap.large_head, pair.overlap.small_head
    first = max(pair.overlap.small_first, pair.overlap.large_first)
    if first < limit.OPENING_COVER:
        words = (
            f"neither first paragraph is in the other text ({_percent(limit.OPENING_COVER)} of one has to be, "
            f"{_beside(first, limit.OPENING_COVER)} is): two items over one background"
        )
        return Reason("opening_none", words, first, limit.OPENING_COVER)
    if pair.is_part:
        words = (
            f"{_percent(bound)} of the opening (first {limit.HEAD_TOKENS} words) of the longer text has to be shared, "
            f"{_beside(large, bound)} is; what is shared further down is background"
        )
        return Reason("opening_part", words, large, bound)
    words = (
        f"{_percent(bound)} of an opening (first {limit.HEAD_TOKENS} words) has to be shared, {_beside(large, bound)} "
        f"of the longer text's and {_beside(small, bound)} of the shorter's are; what is shared further down is background"
    )
    return Reason("opening", words, max(large, small), bound)


def _same_house(pair: Pair) -> Reason:
    share, bound = pair.overlap.large, limit.SAME_HOUSE_COVER
    words = (
        f"both are from {pair.small.domain}, and a house repeats its own text in follow-ups: {_percent(bound)} of the "
        f"longer text has to be shared, {_beside(share, bound)} is"
    )
    return Reason("same_house", words, share, bound)


def _round_up(pair: Pair) -> Reason:
    hours, bound = pair.small_is_older_by / _HOUR, limit.ROUND_UP_LEAD_SECONDS / _HOUR
    words = (
        f"the shorter text is a part of the longer and {number_beside(hours, bound)} hours older, more than {bound:g}: the longer one is a "
        "round-up that took it in"
    )
    return Reason("round_up", words, hours, bound)


def _numbers(counted: SlotCount) -> Reason:
    found, or_else = _differing(counted, "figure"), "else it is another day's item or an update"
    if counted.common <= limit.FEW_SLOTS:
        return Reason("numbers_few", f"{found}, and of so few none may; {or_else}", counted.differing, 0)
    bound = limit.DIFFERING_NUMBERS
    asked = f"fewer than {_percent(bound)} may; {or_else}"
    return Reason("numbers", f"{found} ({_beside(counted.share, bound)}), {asked}", counted.share, bound)


def _names(counted: SlotCount) -> Reason:
    bound = limit.DIFFERING_NAMES
    asked = f"at most {_percent(bound)} may; else it is another person's or town's item"
    words = f"{_differing(counted, 'name')} ({_beside(counted.share, bound)}), {asked}"
    return Reason("names", words, counted.share, bound)


_REFUSALS: dict[str, Callable[[Pair], Reason]] = {
    "window": _window,
    "text": _text,
    "part": _part,
    "opening": _opening,
    "same_house": _same_house,
    "round_up": _round_up,
}


def _differing(counted: SlotCount, kind: str) -> str:
    """Figures or names that differ, by the places that both texts fill with one."""
    places = f"{counted.common} place{'' if counted.common == 1 else 's'} where both texts have a {kind}"
    return f"{counted.differing} of {places} {'differs' if counted.differing == 1 else 'differ'}"


def number_beside(amount: float, bound: float) -> str:
    """An amount in as many digits as tell it from its bound: 1.02 beside 1, but 3 hours and not 2.98."""
    for digits in range(3):
        written = f"{amount:.{digits}f}"
        if written != f"{bound:.{digits}f}":
            break
    return written


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _beside(share: float, bound: float) -> str:
    """A share in as many digits as tell it from its bound: 64.7% beside 65%."""
    return f"{number_beside(100 * share, 100 * bound)}%"
