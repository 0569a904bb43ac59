"""English words that Lucene's Snowball stemmer cuts otherwise than the newer Snowball of PyStemmer.

Snowball 3.0 keeps `evening` apart from `even`, `university` from `universe` and puts `geologist` with
`geology` (https://snowballstem.org/algorithms/english/stemmer.html); Lucene 9 and 10 carry version 2. Found by
stemming 138,000 words of English and other pages on both, with what else is derived from them.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.search.analysis import stem

_WORDS = """
    added adding emergence emergencies emergency emergent evening evenings interfered interfering internal
    internalize internalized internally internals international internationalism internationally internationals
    interstate interval intervals lateral laterally offing organic organically organics organisation
    organisational organisations organise organised organiser organisers organises organising organization
    organizational organizations organize organized organizer organizers organizes organizing paste pasted pastes
    pasting universal universality universally universals universities university vying
"""
_OLOGISTS = """
    anthrop archae arche astr bi cardi climat cosmet crimin dermat ec endocrin entom epidemi ethn gastroenter ge
    gynec haemat hemat hydr ide immun meteor microbi morph music neonat nephr neur onc ophthalm ornith paleont
    path pharmac phys psych pulmon radi rheumat seism soci techn tox ur vir volcan zo
"""


def overrides() -> list[str]:
    """Rules for a `stemmer_override` filter: these words and their possessives with the stems we give them."""
    words = _WORDS.split()
    words += [f"{each}ologist{number}" for each in _OLOGISTS.split() for number in ("", "s")]
    return [f"{word} => {stem(word)}" for word in _with_possessives(words)]


def _with_possessives(words: list[str]) -> Iterator[str]:
    for word in words:
        yield word
        yield f"{word}'s"
