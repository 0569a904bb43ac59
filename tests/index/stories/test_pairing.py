"""Pairs judged for a reader are judged as linking does, from either side."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path

from index.backend import Edge
from index.engine import open_index
from index.stories.pairing import pairings, ways_to_original
from tests.index.web.told import CHAINED, COPIES, EDITED, LONGER, ORIGINAL, fill, text, told


def test_long_ways_are_the_shortest_there_are(tmp_path: Path) -> None:
    """Of a chain of five the ends know nothing of the middle: all pairs have to be read."""
    chain = sorted((told(f"{name}.example", text(0, 20)) for name in "abcde"), key=lambda each: each.id)
    edges = [
        Edge(one.id, two.id, True, "copy", one.judged_hash, two.judged_hash) for one, two in pairwise(chain)
    ]
    with closing(open_index(f"sqlite:///{tmp_path}/svodka.db")) as backend:
        backend.put(chain)
        backend.link([(each.id, each.judged_hash) for each in chain], edges)
        members = backend.story(chain[0].id)
        ways = ways_to_original(backend, members, members[-1:])
    first, last = (
        chain.index(next(c for c in chain if c.id == each.id)) for each in (members[0], members[-1])
    )
    step = 1 if first < last else -1
    assert [each.id for each in ways[members[-1].id]] == [
        chain[at].id for at in range(first + step, last, step)
    ]


def test_pairs_and_ways_of_a_linked_story(tmp_path: Path) -> None:
    with closing(open_index(f"sqlite:///{tmp_path}/svodka.db")) as backend:
        fill(backend)
        members = backend.story(ORIGINAL.id)
        assert [each.id for each in members] == [each.id for each in (ORIGINAL, *COPIES)]
        marked, longer, chained = pairings(
            backend, [(EDITED, ORIGINAL), (ORIGINAL, LONGER), (CHAINED, ORIGINAL)]
        )
        (turned,) = pairings(backend, [(ORIGINAL, EDITED)])
        ways = {
            id: [each.id for each in way] for id, way in ways_to_original(backend, members, members).items()
        }
        few = ways_to_original(backend, members, [CHAINED])
    assert (marked.ok, marked.rule, marked.reason.kind) == (True, "marked_copy", "copy")
    assert (marked.links.this, marked.links.other, marked.links.both) == (True, False, ())
    assert marked.words == (80, 100)
    assert marked.shared[0] > 0.9 > 0.8 > marked.shared[1] > 0.7
    assert (turned.shared, turned.words, turned.links.other) == (marked.shared[::-1], (100, 80), True)
    assert longer.shared == (1.0, 2 / 3)
    assert (chained.ok, chained.rule, chained.numbers) == (False, "text", None)
    assert ways == {ORIGINAL.id: [], CHAINED.id: [LONGER.id]} | {
        each.id: [] for each in COPIES if each is not CHAINED
    }
    assert [each.id for each in few[CHAINED.id]] == [LONGER.id]
