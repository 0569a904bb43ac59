"""The crawler is killed ten times in the middle of its work: a last run leaves everything there, once."""

from __future__ import annotations

import random
import time

from tests.faults.conftest import OpenNewsroom
from tests.faults.made_up import MadeUp
from tests.faults.newsroom import Newsroom
from tests.faults.watch import sending, until
from tests.nodes.engines import Engine, costly

ARTICLES = MadeUp(2000, copied=100)
A_KILL = 200  # articles
IN_A_BULK = (1, 3, 5, 7)  # which of the kills; what the last of them had claimed is free again at the end
SEED = 11


def points() -> list[int]:
    """One in each part of the run: how many requests have been served."""
    chance = random.Random(SEED)
    parts = range(ARTICLES.count // A_KILL)
    return [max(chance.randrange(each * A_KILL, (each + 1) * A_KILL), 20) for each in parts]


def kill_at(newsroom: Newsroom, point: int, *, in_a_bulk: bool) -> None:
    """Kill a run when so many requests were served; `in_a_bulk`: while the next batch is on its way."""
    path = newsroom.outbox().path
    with newsroom.crawling() as crawl:
        until(lambda: len(newsroom.server.log) >= point, 60, f"{point} requests")
        if in_a_bulk:
            until(lambda: sending(path) or crawl.poll() is not None, 60, "a batch on its way", tick=0.001)
        assert crawl.poll() is None, "the run was to be killed before its end"
        crawl.kill()


@costly("es", "9")
def test_crawler_killed_again_and_again(es: Engine, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(es.access, es.major, ARTICLES, SVODKA_OUTBOX_PATIENCE="75")
    kills = points()
    for number, point in enumerate(kills):
        kill_at(newsroom, point, in_a_bulk=number in IN_A_BULK)
    account, before = newsroom.account, newsroom.waiting()
    account.found, account.indexed, account.waiting = ARTICLES.count, newsroom.stored(), before
    began = time.monotonic()
    done = newsroom.crawl()
    assert (done.code, done.err) == (0, ""), done.err + done.out
    assert newsroom.outcomes().keys() <= {"indexed", "known", "unchanged"}
    account.found = ARTICLES.count
    account.notes = (
        f"{len(kills)} kills, some of them in a bulk; {len(newsroom.server.log)} requests in all; indexed and "
        f"waiting: before the last run, which took {time.monotonic() - began:.0f} s"
    )
    newsroom.assert_sound()
    with newsroom.remote() as remote:
        ARTICLES.assert_whole(remote)
