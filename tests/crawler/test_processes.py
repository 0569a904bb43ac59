"""Several `svodka crawl` at once, and one that is killed: the index stays sound and nothing is lost."""

from __future__ import annotations

import random
import time
from contextlib import closing

import pytest

from crawler.demo.server import SampleSites
from tests.desk import Desk, article, feed

NAMES = ("a.example", "b.example")
COUNT = 40


@pytest.fixture
def two_sites(desk: Desk) -> Desk:
    """Two sites of forty articles; the second reprints every other article of the first."""
    for name in NAMES:
        desk.site(name)
        desk.web[f"http://{name}/rss"] = feed(*(f"/{number}" for number in range(COUNT)), host=name)
    for number in range(COUNT):
        own, other = (_text(f"{name}{number}") for name in NAMES)
        desk.web[f"http://a.example/{number}"] = article(f"Сообщение {number}", *own)
        desk.web[f"http://b.example/{number}"] = article(f"Заметка {number}", *(other if number % 2 else own))
    return desk


def _text(seed: str) -> list[str]:
    words = random.Random(seed)
    syllables = ["за", "ре", "чье", "мо", "сты", "ра", "бо", "та", "ви", "ло", "ни", "ка", "ту", "щи", "пе"]

    def sentence() -> str:
        chosen = ["".join(words.choices(syllables, k=3)) for _ in range(14)]
        return " ".join(chosen).capitalize() + "."

    return [" ".join(sentence() for _ in range(3)) for _ in range(3)]


def state_of(desk: Desk) -> dict[str, int]:
    """Counts of a sound index."""
    with closing(desk.open()) as index:
        assert index.check().faults == []
        return {key: index.stats()[key] for key in ("articles", "stories", "copies")}


EXPECTED = {"articles": 2 * COUNT, "stories": 2 * COUNT - COUNT // 2, "copies": COUNT // 2}


def test_two_crawls_at_once_end_like_one(two_sites: Desk) -> None:
    with SampleSites.from_pages(two_sites.web) as server:
        processes = [two_sites.start_crawl(server, name) for name in NAMES]
        codes = [process.wait(timeout=90) for process in processes]
        for process in processes:
            process.communicate()
    assert codes == [0, 0]
    assert state_of(two_sites) == EXPECTED


@pytest.mark.parametrize("fetched", [5, 35, 60])
def test_a_crawl_that_is_killed_loses_nothing(two_sites: Desk, fetched: int) -> None:
    with SampleSites.from_pages(two_sites.web) as server:
        process = two_sites.start_crawl(server)
        deadline = time.monotonic() + 60
        while len(server.log) < fetched and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)  # waits for the crawl to be that far, not for a time
        process.kill()
        process.communicate()
    with closing(two_sites.open()) as index:
        assert index.check().faults == []
    two_sites.crawl()
    assert state_of(two_sites) == EXPECTED
