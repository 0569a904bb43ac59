"""Figures and names by their place: what tells two days of one template apart.

Two weather reports share almost every word; what differs stands between equal words. A slot is such a
place, named by its neighbours; texts that fill the same slots differently tell different things. Whole sets
of numbers cannot be compared instead: a cut copy holds fewer, added background brings its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.stories.tokens import is_number

Slots = Mapping[tuple[str, ...], set[str]]
"""Neighbours of a place to everything that stands there in a text."""

_NUMBER = "#"  # stands for any number among the neighbours


@dataclass(frozen=True, slots=True)
class SlotCount:
    """Places found in both of two texts, and how many of them are filled differently."""

    common: int
    differing: int

    @property
    def share(self) -> float:
        """Differing places among the common ones, 0 when there are none."""
        return self.differing / self.common if self.common else 0.0


def number_slots(words: Sequence[str]) -> Slots:
    """Each number by its two left and again by its two right neighbours, numbers among them masked."""
    masked = [_NUMBER if is_number(word) else word for word in words]
    slots: dict[tuple[str, ...], set[str]] = {}
    for place, word in enumerate(words):
        if masked[place] is not _NUMBER:
            continue
        if place >= 2:
            slots.setdefault(("left", masked[place - 2], masked[place - 1]), set()).add(word)
        if place + 2 < len(words):
            slots.setdefault(("right", masked[place + 1], masked[place + 2]), set()).add(word)
    return slots


def name_slots(cased: Sequence[str], words: Sequence[str]) -> Slots:
    """Each capitalised word by the two words on either side of it."""
    slots: dict[tuple[str, ...], set[str]] = {}
    for place in range(2, len(words) - 2):
        if cased[place][0].isupper():
            key = (words[place - 2], words[place - 1], words[place + 1], words[place + 2])
            slots.setdefault(key, set()).add(words[place])
    return slots


def compare(one: Slots, other: Slots) -> SlotCount:
    """Common places of two texts; they differ where neither text holds all that the other has there."""
    common = one.keys() & other.keys()
    differing = sum(not (one[key] <= other[key] or other[key] <= one[key]) for key in common)
    return SlotCount(len(common), differing)
