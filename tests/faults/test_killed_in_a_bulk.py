"""The node is killed while it stores a batch, and is back half a minute later: the same run brings all."""

from __future__ import annotations

import time
from threading import Event

from tests.faults.conftest import OpenNewsroom
from tests.faults.made_up import MadeUp
from tests.faults.newsroom import finished
from tests.faults.watch import sending, until, watching
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode

ARTICLES = MadeUp(400)
AWAY = 20  # seconds before it is started again, which takes ten more
BATCH = 50


@costly("private_node", "8")
def test_killed_in_a_bulk(private_node: LiveNode, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(private_node.access, private_node.major, ARTICLES, SVODKA_OUTBOX_PATIENCE="75")
    assert newsroom.svodka("index", "init").code == 0
    killed, path = Event(), newsroom.outbox().path
    newsroom.when_asked_for(ARTICLES.originals[300], lambda: killed.wait(60))
    with watching(path) as seen, newsroom.crawling() as crawl:
        until(lambda: newsroom.stored() >= BATCH, 60, "the first batch in the index")
        until(lambda: sending(path), 60, "a batch on its way", tick=0.001)
        private_node.kill()
        began = time.monotonic()
        killed.set()
        until(lambda: newsroom.server.requests[ARTICLES.originals[-1]] > 0, 60, "all articles fetched")
        until(lambda: time.monotonic() - began > AWAY, AWAY + 1, "long enough away")
        private_node.start()
        down = time.monotonic() - began
        done = finished(crawl)
    newsroom.assert_drained(done, seen, code=0)
    newsroom.account.notes = f"down for {down:.0f} s; waiting: at the height of it; the run drained by itself"
    newsroom.assert_sound()
    with newsroom.remote() as remote:
        ARTICLES.assert_whole(remote)
