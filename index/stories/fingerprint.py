"""Sampled shingle hashes by which the index finds articles that may share text.

FracMinHash (Irber et al. 2022: keep every hash below a fixed bound) over word 4-shingles, denser at the
opening because cut copies keep that. Equal shingles have equal hashes on every machine and in every order
of arrival, so the samples of two texts are comparable without knowing of each other.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from index.stories.furniture import line_values
from index.stories.parameters import LEAD_RATE, LEAD_WORDS, MIN_HASHES, REST_RATE, SHINGLE
from index.stories.prose import prose
from index.stories.tokens import tokens

if TYPE_CHECKING:
    from index.article import Article

_SPACE = 1 << 64


def fingerprint_of(article: Article) -> list[str]:
    """What an article is stored with: hashes of its shingles and of the lines that may be furniture."""
    return sorted({*fingerprint(prose(article)), *line_values(article).values()})


def fingerprint(paragraphs: list[str]) -> list[str]:
    """Sorted 16-hex-digit hashes of a text's prose: about 25 for a wire story, none for an empty text."""
    words = [token for paragraph in paragraphs for token in tokens(paragraph)]
    return sorted(f"{value:016x}" for value in _sample(_shingle_hashes(words)))


def _shingle_hashes(words: list[str]) -> list[int]:
    """64-bit hash of each shingle in order; a shorter text is one shingle."""
    if not words:
        return []
    last = max(len(words) - SHINGLE, 0) + 1
    return [_hash(" ".join(words[start : start + SHINGLE])) for start in range(last)]


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest(), "big")


def _sample(hashes: list[int]) -> set[int]:
    kept = {value for value in hashes[:LEAD_WORDS] if value < _SPACE // LEAD_RATE}
    kept.update(value for value in hashes[LEAD_WORDS:] if value < _SPACE // REST_RATE)
    if len(kept) < MIN_HASHES:
        kept.update(sorted(set(hashes))[:MIN_HASHES])
    return kept
