"""The node hangs for some seconds in the middle of a run: what timed out is sent again, and is there once."""

from __future__ import annotations

from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import WAITING_AFTER, finished
from tests.faults.watch import until, watching
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode


@costly("private_node", "9")
def test_frozen_node(private_node: LiveNode, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(
        private_node.access,
        private_node.major,
        SVODKA_ELASTICSEARCH_TIMEOUT="2",
        SVODKA_OUTBOX_PATIENCE="60",
    )
    newsroom.in_the_middle(private_node.freeze)
    with watching(newsroom.outbox().path) as seen, newsroom.crawling() as crawl:
        until(lambda: seen.failed_with("in time") and seen.waiting == WAITING_AFTER, 60, "a time-out")
        private_node.thaw()
        done = finished(crawl)
    newsroom.assert_drained(done, seen, code=1)
    newsroom.account.notes = "waiting: at the height of it; the run drained by itself"
    newsroom.assert_whole("first")
