from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.furniture import Furniture
from index.stories.hot import candidates, hot_values
from index.stories.linker import link_batch, probe
from index.stories.parameters import CANDIDATES, HOT_STORIES, NEAREST
from tests.index.stories.counted import Counted
from tests.index.stories.labelled import fingerprinted

WORDS = [f"{a}{b}{c}" for a in "бвгдклмн" for b in "аеиоу" for c in ("рос", "мат", "лен", "кав", "тур")]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


def text(number: int, words: int) -> str:
    return " ".join(random.Random(number).choices(WORDS, k=words)).capitalize() + "."


PHRASE = text(-1, 120)  # what every press office writes under everything


def article(number: int, own: str, site: str = "") -> Article:
    site = site or f"site{number}.example"
    return fingerprinted(site=site, domain=site, url=f"https://{site}/{number}", body=f"{own}\n\n{PHRASE}")


def probed(backend: Backend, one: Article) -> list[str]:
    return candidates(backend, [probe(one, Furniture(backend))])[0]


def test_a_stock_phrase_does_not_hide_a_copy(backend: Backend) -> None:
    """The copy is cut down to its opening, so all who hold the phrase share more with the original than it does."""
    original = article(0, text(0, 30))
    cut = fingerprinted(site="cut.example", url="https://cut.example/1", body=text(0, 30))
    crowd = [article(number, text(number, 8)) for number in range(1, 2 * CANDIDATES)]
    backend.put([original, cut, *crowd])
    assert cut.id not in plain(backend, original)
    found = probed(backend, original)
    assert cut.id in found
    assert len(found) <= CANDIDATES
    link_batch(backend, [original.id])
    assert cut.id in {each.id for each in backend.story(original.id)}


def plain(backend: Backend, one: Article) -> list[str]:
    return backend.candidates([probe(one, Furniture(backend))], share=3, days=7, limit=CANDIDATES)[0]


def test_reprints_of_one_wire_story_are_one_story(backend: Backend) -> None:
    wire = text(0, 120)
    reprints = [article(number, wire) for number in range(CANDIDATES + 20)]
    backend.put(reprints)
    link_batch(backend, [each.id for each in reprints])
    assert len(backend.story(reprints[0].id)) == len(reprints)
    late = article(500, wire)
    backend.put([late])
    assert probed(backend, late) == plain(backend, late)
    assert not hot_values(probe(late, Furniture(backend)), backend.get(probed(backend, late)))
    link_batch(backend, [late.id])
    assert len(backend.story(late.id)) == len(reprints) + 1


def test_reprints_that_come_together_find_each_other(backend: Backend) -> None:
    """Before they are linked each is a story of its own, so all that they share looks like a stock phrase."""
    wire = text(0, 120)
    reprints = [article(number, f"{text(number, 45)}\n\n{wire}") for number in range(1, CANDIDATES + 30)]
    backend.put(reprints)
    for one in reprints[:: CANDIDATES // 3]:
        assert len(probed(backend, one)) >= NEAREST


def test_values_of_few_stories_are_not_hot(backend: Backend) -> None:
    one = article(0, text(0, 60))
    others = {str(number): article(number, text(number, 60)) for number in range(1, HOT_STORIES)}
    asked = probe(one, Furniture(backend))
    assert not hot_values(asked, others)
    last = article(HOT_STORIES, text(HOT_STORIES, 60))
    hot = hot_values(asked, {**others, "last": last})
    assert hot
    assert hot <= set(asked.values) & set(last.fingerprint)


def test_a_list_with_room_costs_one_look_up(backend: Backend) -> None:
    articles = [article(number, text(number, 100)) for number in range(10)]
    backend.put(articles)
    counted = Counted(backend)
    found = candidates(counted.backend, [probe(each, Furniture(backend)) for each in articles])
    assert [len(each) for each in found] == [9] * 10
    assert counted.calls == {"candidates": 1}
