"""How much of two texts, and which part of them, is the same."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.stories.parameters import GRAM, HEAD_TOKENS

if TYPE_CHECKING:
    from index.stories.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Overlap:
    """Covered tokens: those inside a run of three words that the other text has as well."""

    covered: int  # tokens of the smaller text
    small: float  # covered share of the smaller text, 0 to 1
    large: float  # covered share of the larger text
    small_head: float  # covered share of the smaller text's opening
    large_head: float  # covered share of the larger text's opening
    small_first: float  # covered share of the smaller text's first paragraph
    large_first: float  # covered share of the larger text's first paragraph


def overlap(small: Prepared, large: Prepared) -> Overlap:
    """Measure two texts against each other."""
    shared = small.gram_set & large.gram_set
    small_flags, large_flags = _covered(small, shared), _covered(large, shared)
    return Overlap(
        covered=sum(small_flags),
        small=_share(small_flags),
        large=_share(large_flags),
        small_head=_share(small_flags[:HEAD_TOKENS]),
        large_head=_share(large_flags[:HEAD_TOKENS]),
        small_first=_share(small_flags[small.first]),
        large_first=_share(large_flags[large.first]),
    )


def _covered(text: Prepared, shared: Set[tuple[str, ...]]) -> bytearray:
    """One byte a token: 1 when it lies in a shared run."""
    flags = bytearray(len(text.words))
    if shared:
        for place, gram in enumerate(text.grams):
            if gram in shared:
                flags[place : place + GRAM] = b"\1" * GRAM
    return flags


def _share(flags: bytearray) -> float:
    return sum(flags) / len(flags) if flags else 0.0
