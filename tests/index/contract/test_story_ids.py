"""story:ID of an earlier day leads to the story as it is now, the same on every engine."""

from __future__ import annotations

import pytest

from index.backend import Backend
from index.search.parse import parse
from index.search.story import with_present_stories
from tests.index.contract.stories import fold_into_one_story
from tests.make import make_article


def test_a_story_id_of_yesterday_leads_to_its_story(backend: Backend) -> None:
    smallest, *rest = sorted((make_article(site=f"s{n}.example") for n in range(5)), key=lambda each: each.id)
    alone = rest.pop()
    backend.put([*rest, alone])
    fold_into_one_story(backend, *rest)
    fold_into_one_story(backend, alone)
    yesterday = rest[0].id
    assert found(backend, f"story:{yesterday}") == {each.id for each in rest}
    backend.put([smallest])
    fold_into_one_story(backend, smallest, *rest)
    assert backend.get([yesterday])[yesterday].story_id == smallest.id
    everything = {each.id for each in (smallest, *rest)}
    for each in (smallest, *rest):  # whichever it is
        assert found(backend, f"story:{each.id}") == everything
    assert found(backend, f"-story:{yesterday}") == {alone.id}
    assert found(backend, f"(story:{yesterday} OR story:{alone.id}) -role:copy") == {alone.id} | {
        each.id for each in backend.get(everything).values() if each.role == "canonical"
    }


@pytest.mark.parametrize(
    "text", ["", "мост", f"story:{'0' * 32}", f"-story:{'f' * 32} мост OR site:a.example"]
)
def test_other_queries_stay_as_they_are(backend: Backend, text: str) -> None:
    backend.put([make_article()])
    query = parse(text)
    assert with_present_stories(backend, query) == query


def found(backend: Backend, text: str) -> set[str]:
    query = with_present_stories(backend, parse(text, copies=True))
    return {hit.id for hit in backend.search(query).hits}
