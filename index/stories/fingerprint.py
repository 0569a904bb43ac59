"""Sampled shingle hashes by which the index finds articles that may share text.

FracMinHash (Irber et al. 2022: keep every hash below a fixed bound) over word 4-shingles, denser at the
opening because cut copies keep that. Equal shingles have equal hashes on every machine and in every order
of arrival, so the samples of two texts are comparable without knowing of each other.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from index.stories.furniture import line_values
from index.stories.parameters import LEAD_RATE, LEAD_WORDS, MIN_HASHES, REST_HASHES, REST_RATE, SHINGLE
from index.stories.prose import prose
from index.stories.tokens import tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.article import Article

    Hashes = NDArray[np.uint64]

_SPACE = 1 << 64
_WORDS_HELD = 1 << 17  # hashes of words kept at hand, some 15 MB: the vocabulary of a few thousand articles

# One odd multiplier for each place in a shingle, so that order counts: the first 64 bits behind the point of the
# square roots of 2, 3, 5 and 7, made odd.
_PLACES = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1], dtype=np.uint64
)
# Mixes a sum so that its low and high bits depend on all of it: "mix13" of D. Stafford, "Better Bit Mixing",
# 2011, the last step of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = np.uint64(31)


def fingerprint_of(article: Article) -> list[str]:
    """What an article is stored with: hashes of its shingles and of the lines that may be furniture."""
    return sorted({*fingerprint(prose(article)), *line_values(article).values()})


def fingerprint(paragraphs: list[str]) -> list[str]:
    """Sorted 16-hex-digit hashes of a text's prose: about 25 for a wire story, none for an empty text.

    However long the text, all that was sampled of its lead is among them: that is what a cut copy shares.
    """
    words = [token for paragraph in paragraphs for token in tokens(paragraph)]
    return sorted(f"{value:016x}" for value in _sample(_shingle_hashes(words)))


def _shingle_hashes(words: list[str]) -> Hashes:
    """64-bit hash of each shingle in order; a shorter text is one shingle, filled up with zeros.

    Every word is hashed once and the hashes are combined: a third of the time of hashing each shingle (measured).
    """
    hashes = np.zeros(max(len(words), SHINGLE) if words else 0, dtype=np.uint64)
    hashes[: len(words)] = np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))
    last = max(len(hashes) - SHINGLE + 1, 0)
    sums = np.zeros(last, dtype=np.uint64)
    for place, factor in enumerate(_PLACES):
        sums += hashes[place : place + last] * factor  # modulo 2 to the 64
    for shift, factor in _MIX:
        sums = (sums ^ (sums >> np.uint64(shift))) * np.uint64(factor)
    return sums ^ (sums >> _LAST_SHIFT)


@lru_cache(maxsize=_WORDS_HELD)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")


def _sample(hashes: Hashes) -> set[int]:
    lead, rest = hashes[:LEAD_WORDS], hashes[LEAD_WORDS:]
    kept: set[int] = set(lead[lead < _SPACE // LEAD_RATE].tolist())
    kept.update(np.unique(rest[rest < _SPACE // REST_RATE])[:REST_HASHES].tolist())
    if len(kept) < MIN_HASHES:
        kept.update(np.unique(hashes)[:MIN_HASHES].tolist())
    return kept
