"""Whether two articles are copies of one text.

The verdict is a function of the two articles alone and the same from either side: it knows nothing of the
order of arrival, of other articles or of earlier verdicts, so stories built on it converge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from index.stories import parameters as limit
from index.stories.overlap import Overlap, overlap
from index.stories.prepared import Prepared
from index.stories.slots import SlotCount, compare


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the rule that made it, and what was measured.

    `rule` is `copy` or `marked_copy` when `ok`, else the name of the first rule that refused.
    `numbers` and `names` are None when an earlier rule refused.
    """

    ok: bool
    rule: str
    small: str  # id of the article with less text
    large: str  # id of the other
    linked: bool  # a mark of one names the other, or both name one source
    overlap: Overlap
    numbers: SlotCount | None = None
    names: SlotCount | None = None
    whole: bool = False  # the texts were compared with what their sites repeat


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles and what they share, as the rules read them."""

    small: Prepared
    large: Prepared
    linked: bool
    overlap: Overlap

    @property
    def is_part(self) -> bool:
        """Whether the smaller text is only a part of the larger one."""
        return self.overlap.large < limit.PART_OF_LONGER

    @property
    def gap(self) -> float:
        """Seconds that lie between the two publications as they are stored."""
        return abs(self.small.published - self.large.published)

    @property
    def small_is_older_by(self) -> float:
        """Seconds from the publication of the smaller text to that of the larger, at least."""
        return self.large.earliest - self.small.latest


def judge(a: Prepared, b: Prepared) -> Verdict:
    """Decide whether two articles are copies of one text; `judge(a, b) == judge(b, a)`.

    What the site of either repeats under its articles is left out of both. That may leave little of a short text,
    so two that are the same from the first word to the last are copies with it.
    """
    verdict = _judged(compared(a, b), _TEXT_RULES)
    if verdict.ok or not (a.left_out or b.left_out) or not _begin_alike(a, b):
        return verdict
    whole = _judged(compared(a, b, whole=True), _WHOLE_RULES)
    return replace(whole, whole=True) if whole.ok else verdict


def compared(a: Prepared, b: Prepared, *, whole: bool = False) -> Pair:
    """Two texts measured against each other, without furniture or with it."""
    texts = [a.without(b.left_out), b.without(a.left_out)]
    if whole:
        texts = [text.whole() for text in texts]
    small, large = sorted(texts, key=lambda text: (len(text.cased), text.id))
    return Pair(small, large, are_linked(a, b), overlap(small, large))


def _begin_alike(a: Prepared, b: Prepared) -> bool:
    """Whether the first paragraphs may be the same: a quick look before the long one."""
    one, two = (set(text.words[text.first]) for text in (a.without(b.left_out), b.without(a.left_out)))
    return len(one & two) >= limit.WHOLE_COVER * max(len(one), len(two), 1)


def _judged(pair: Pair, rules: Iterable[tuple[str, Callable[[Pair], bool]]]) -> Verdict:
    for rule, passes in rules:
        if not passes(pair):
            return _verdict(pair, rule)
    numbers, names = (
        compare(pair.small.numbers, pair.large.numbers),
        compare(pair.small.names, pair.large.names),
    )
    return _verdict(pair, _slot_rule(numbers, names), numbers, names)


def are_linked(a: Prepared, b: Prepared) -> bool:
    """Whether a mark links two articles: one names the other's house, or both name one source."""
    return a.domain in b.sources or b.domain in a.sources or not a.sources.isdisjoint(b.sources)


def within_window(pair: Pair) -> bool:
    """Published within a week of each other, by the times that the look-up of candidates goes by."""
    return pair.gap <= limit.WINDOW_DAYS * 86_400


def enough_text(pair: Pair) -> bool:
    """More than a quote or a stock phrase is shared; a mark vouches for copies under an own opening."""
    share, covered = pair.overlap.small, pair.overlap.covered
    if pair.linked and share >= limit.MARKED_COVER and covered >= limit.MARKED_COVERED:
        return True
    return share >= limit.SMALL_COVER and covered >= limit.MIN_COVERED


def part_is_whole(pair: Pair) -> bool:
    """A small part of a longer text has to be nearly nothing but that part, unless a mark links the two."""
    return not pair.is_part or pair.linked or pair.overlap.small >= limit.PART_COVER


def opening_is_shared(pair: Pair) -> bool:
    """The shared part holds an opening: two stories that end in the same background share none.

    A mark vouches for a copy under an opening of its own: nearly all of the longer text is shared, or the
    shorter one with its opening. Where neither first paragraph is in the other text and little is shared, the two
    are two flashes over one background.
    """
    found = pair.overlap
    vouched = pair.linked and found.large >= limit.OWN_OPENING_COVER
    if max(found.small_first, found.large_first) < limit.OPENING_COVER:
        return vouched and found.covered >= limit.OWN_OPENING_COVERED
    if vouched or found.large_head >= limit.HEAD_COVER:
        return True
    small_head = found.small_head >= limit.HEAD_COVER
    return small_head and (not pair.is_part or (pair.linked and pair.overlap.small >= limit.PART_COVER))


def house_repeats_all(pair: Pair) -> bool:
    """Within one house nearly the whole text has to be the same: follow-ups reuse their background."""
    return pair.small.domain != pair.large.domain or pair.overlap.large >= limit.SAME_HOUSE_COVER


def part_is_not_older(pair: Pair) -> bool:
    """A part cannot be older than its whole: then the longer text is a round-up that took it in.

    A mark changes nothing: it says whose text it is, not that there is no more in it.
    """
    return not pair.is_part or pair.small_is_older_by <= limit.ROUND_UP_LEAD_SECONDS


def is_the_same_text(pair: Pair) -> bool:
    """Nearly every word of the two is shared, and of their first paragraphs."""
    found = pair.overlap
    least = min(found.small, found.large, found.small_first, found.large_first)
    return least >= limit.WHOLE_COVER and found.covered >= limit.MIN_COVERED


def same_numbers(numbers: SlotCount) -> bool:
    """Figures agree where both texts have them: else it is another day's item, or an update."""
    if numbers.common <= limit.FEW_SLOTS:
        return numbers.differing == 0
    return numbers.differing < 2 or numbers.share < limit.DIFFERING_NUMBERS


def same_names(names: SlotCount) -> bool:
    """Names agree where both texts have one: else it is another person's or another town's item."""
    return names.differing < 2 or names.share <= limit.DIFFERING_NAMES


_TEXT_RULES: tuple[tuple[str, Callable[[Pair], bool]], ...] = (
    ("window", within_window),
    ("text", enough_text),
    ("part", part_is_whole),
    ("opening", opening_is_shared),
    ("same_house", house_repeats_all),
    ("round_up", part_is_not_older),
)
_WHOLE_RULES: tuple[tuple[str, Callable[[Pair], bool]], ...] = (
    ("window", within_window),
    ("text", is_the_same_text),
)


def _slot_rule(numbers: SlotCount, names: SlotCount) -> str | None:
    if not same_numbers(numbers):
        return "numbers"
    return None if same_names(names) else "names"


def _verdict(
    pair: Pair, refused_by: str | None, numbers: SlotCount | None = None, names: SlotCount | None = None
) -> Verdict:
    accepted = "marked_copy" if pair.linked else "copy"
    return Verdict(
        ok=refused_by is None,
        rule=refused_by or accepted,
        small=pair.small.id,
        large=pair.large.id,
        linked=pair.linked,
        overlap=pair.overlap,
        numbers=numbers,
        names=names,
    )
