"""What differs between two texts, word by word: their paragraphs side by side, then the words of each pair.

Paragraphs are aligned in order by the words they share (Needleman and Wunsch 1970), words within a pair by
`difflib` (Ratcliff and Obershelp), whose chance matches ("и", a comma) are taken back, since between two changes
they hide that a sentence was written anew. Work and answer are bounded, whatever the texts are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby
from typing import Literal

Kind = Literal["same", "gone", "new"]

MOST_WORDS = 5_000  # of each text: two texts of so many, all different, are 40 kB of page, gzip (measured)
MOST_CHARACTERS = 50_000  # of each text: 5,000 words have as many, letters without a blank may have more
MOST_PARAGRAPHS = 300  # of each text: every one is held against every other
ALIKE = 0.3  # share of words (of the two together) from which two paragraphs stand side by side
REPETITIVE = 20  # equal pairs of words for each word: beyond, a paragraph is one long repetition
_UNIT = re.compile(r"(?:\w+(?:[.,’'-]\w+)*|[^\w\s])\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that are in both texts, or in one of them only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of either text or of both; no runs where one of them has none."""

    left: tuple[Run, ...]
    right: tuple[Run, ...]

    @property
    def lone(self) -> bool:
        """Whether no word is in both texts: a paragraph that only one has, or a headline written anew."""
        return all(run.kind != "same" for run in (*self.left, *self.right))

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return all(run.kind == "same" for run in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Differences:
    """Two texts beside each other; what was cut off is counted in words."""

    rows: tuple[Row, ...]
    gone: int  # words that only the left text has
    new: int  # words that only the right text has
    cut_left: int = 0
    cut_right: int = 0

    @property
    def same(self) -> bool:
        """Whether the texts are equal as far as they were compared."""
        return not (self.gone or self.new or self.cut_left or self.cut_right) and all(
            row.same for row in self.rows
        )


def differences(left: Sequence[str], right: Sequence[str], most: int = MOST_WORDS) -> Differences:
    """Compare two texts, given as paragraphs; of each at most `most` words, and what the bounds above say."""
    one, cut_left = _within(left, most)
    other, cut_right = _within(right, most)
    rows = tuple(_row(a, b) for a, b in _aligned(one, other))
    gone = _words(run for row in rows for run in row.left if run.kind == "gone")
    new = _words(run for row in rows for run in row.right if run.kind == "new")
    return Differences(rows, gone, new, cut_left, cut_right)


def line_differences(left: str, right: str) -> Row:
    """Compare two headlines: one row, however little they share."""
    return _row(_UNIT.findall(left)[:MOST_WORDS], _UNIT.findall(right)[:MOST_WORDS])


def _words(runs: Iterable[Run]) -> int:
    return sum(_count(run.text) for run in runs)


def _count(text: str) -> int:
    """Words, without punctuation."""
    return len([unit for unit in _UNIT.findall(text) if unit[0].isalnum()])


def _within(paragraphs: Sequence[str], most: int) -> tuple[list[list[str]], int]:
    """The first paragraphs as units (words, punctuation), and how many words of the text are left over."""
    kept, room, letters = list[list[str]](), most, MOST_CHARACTERS
    for at, paragraph in enumerate(paragraphs):
        units = _UNIT.findall(paragraph)
        fitting = _fitting(units, room, letters) if at < MOST_PARAGRAPHS else 0
        if fitting:
            kept.append(units[:fitting])
        if fitting < len(units):
            return kept, _count("".join(units[fitting:])) + sum(map(_count, paragraphs[at + 1 :]))
        room, letters = room - fitting, letters - len(paragraph)
    return kept, 0


def _fitting(units: Sequence[str], room: int, letters: int) -> int:
    """How many of the units fit into so many units and letters."""
    lengths = accumulate(map(len, units[:room]))
    return sum(length <= letters for length in lengths)


def _key(unit: str) -> str:
    """What is compared of a word: all but the blank after it."""
    return unit.rstrip()


def _aligned(left: list[list[str]], right: list[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Pairs of paragraphs in order, one of a pair empty where it has no counterpart."""
    ones, others = (["".join(each).rstrip() for each in side] for side in (left, right))
    for tag, a, b, c, d in SequenceMatcher(None, ones, others, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(left[a:b], right[c:d], strict=True)
        else:
            yield from _paired(left[a:b], right[c:d])


def _paired(left: list[list[str]], right: list[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    """The pairing in order that has the most words in common; what is left of one side stands before the other's."""
    alike = [[_alike(a, b) for b in map(_bag, right)] for a in map(_bag, left)]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    i = j = 0
    while i < len(left) or j < len(right):
        if i < len(left) and best[i][j] == best[i + 1][j]:
            yield left[i], []
            i += 1
        elif j < len(right) and best[i][j] == best[i][j + 1]:
            yield [], right[j]
            j += 1
        else:
            yield left[i], right[j]
            i, j = i + 1, j + 1


def _bag(units: list[str]) -> frozenset[str]:
    """The different words of a paragraph; punctuation where it has none."""
    words = frozenset(unit.rstrip().lower() for unit in units if unit[0].isalnum())
    return words or frozenset(map(_key, units))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two paragraphs have in common, weighed by their length; 0: too little to stand side by side."""
    shared = len(one & other)
    return float(shared) if shared and 2 * shared >= ALIKE * (len(one) + len(other)) else 0.0


def _row(left: list[str], right: list[str]) -> Row:
    pieces = list(_pieces(left, right))
    return Row(_side(pieces, "gone"), _side(pieces, "new"))


Piece = tuple[Kind, str]


def _side(pieces: Iterable[Piece], own: Kind) -> tuple[Run, ...]:
    """What one text has of the pieces. Blanks beside the words of the other text are not part of it."""
    mine = [piece for piece in pieces if piece[0] in {"same", own}]
    runs = [
        Run(kind, "".join(text for _, text in group)) for kind, group in groupby(mine, lambda each: each[0])
    ]
    return (*runs[:-1], Run(runs[-1].kind, runs[-1].text.rstrip())) if runs else ()


def _pieces(left: list[str], right: list[str]) -> Iterator[Piece]:
    """Words that both have, that only the left has and that only the right has, in reading order."""
    for same, a, b in _merged(_blocks([_key(unit) for unit in left], [_key(unit) for unit in right])):
        if same:
            yield "same", "".join(left[a])
            continue
        if gone := "".join(left[a]):
            yield "gone", gone
        if new := "".join(right[b]):
            yield "new", new


Block = tuple[bool, slice, slice]  # whether the words are the same, and which of either text they are


def _blocks(left: list[str], right: list[str]) -> list[Block]:
    if _repetitive(left, right):
        return [(left == right, slice(0, len(left)), slice(0, len(right)))]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return [(tag == "equal", slice(a, b), slice(c, d)) for tag, a, b, c, d in matcher.get_opcodes()]


def _repetitive(left: list[str], right: list[str]) -> bool:
    """Whether words are so often repeated that matching them would take seconds: its cost is their equal pairs."""
    ones, others = Counter(left), Counter(right)
    pairs = sum(count * others[word] for word, count in ones.items())
    return pairs > REPETITIVE * (len(left) + len(right))


def _merged(blocks: list[Block]) -> list[Block]:
    """The blocks without chance matches: what is the same and shorter than the changes on both its sides."""
    kept = list[Block]()
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        chance = block[0] and kept and after and _size(block) <= min(_size(kept[-1]), _size(after)) // 2
        if kept and not kept[-1][0] and (chance or not block[0]):
            _, a, b = kept.pop()
            kept.append((False, slice(a.start, block[1].stop), slice(b.start, block[2].stop)))
        else:
            kept.append(block)
    return kept


def _size(block: Block) -> int:
    """Words at most in either text."""
    _, a, b = block
    return max(len(range(a.start, a.stop)), len(range(b.start, b.stop)))
