"""explain: every engine tells the same of the same articles."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from index.article import Article
from index.backend import Backend, Edge
from index.engine import open_index
from index.stories.explain import explain
from index.stories.explained import Explanation
from index.stories.linker import link_pending
from tests.index.stories.counted_words import article, words
from tests.index.stories.labelled import article_of, rows

LABELLED = [article_of(row) for row in rows()]
FIRST, SECOND = article("first", words(0, 60)), article("second", words(100, 160))
WHOLE = article("whole", words(0, 60), words(100, 160))


def fill(backend: Backend) -> None:
    """Real texts and a chain, linked; a copy that is not linked yet; a verdict that is out of date."""
    backend.put([*LABELLED, FIRST, SECOND, WHOLE])
    link_pending(backend)
    a, b = sorted((FIRST, WHOLE), key=lambda each: each.id)
    backend.link([], [Edge(a.id, b.id, True, "marked_copy", a.judged_hash, b.judged_hash)])
    backend.put([article("late", words(0, 60), hours=3)])


def told(backend: Backend) -> dict[str, dict[str, Any]]:
    ids = [each.id for each in (*LABELLED, FIRST, SECOND, WHOLE, article("late", words(0, 60), hours=3))]
    return {id: explain(backend, found).as_json() for id, found in backend.get(ids).items()}


def of(backend: Backend, wanted: Article) -> Explanation:
    return explain(backend, backend.get([wanted.id])[wanted.id])


def test_the_same_explanation_as_on_sqlite(backend: Backend, tmp_path: Path) -> None:
    fill(backend)
    with closing(open_index(f"sqlite:///{tmp_path}/reference.db")) as reference:
        fill(reference)
        expected = told(reference)
    found = told(backend)
    assert found.keys() == expected.keys()
    for id in expected:
        assert found[id] == expected[id]


def test_what_the_index_holds_is_told(backend: Backend) -> None:
    fill(backend)
    first = {each.article.site: (each.rule, each.stored) for each in of(backend, FIRST).considered}
    assert first == {"whole.example": ("copy", "stale"), "late.example": ("copy", "missing")}
    (chain,) = of(backend, SECOND).story.chains
    assert (chain.to.id, [each.id for each in chain.through]) == (FIRST.id, [WHOLE.id])
    assert of(backend, SECOND).story.settled
