"""Pairs judged for a reader are judged as linking does, from either side."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from index.engine import open_index
from index.stories.pairing import pairings, ways_to_original
from tests.index.web.told import CHAINED, COPIES, EDITED, LONGER, ORIGINAL, fill


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
