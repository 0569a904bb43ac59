"""Other writers keep the node's queue full: it answers 429, the run backs off, and nothing is lost."""

from __future__ import annotations

from tests.faults.conftest import OpenNewsroom
from tests.faults.flood import flooding
from tests.faults.newsroom import finished
from tests.faults.watch import until, watching
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode

REFUSED = "rejected execution"


def rejected(node: LiveNode) -> int:
    """How many writes the node has refused since it runs."""
    with node.client() as client:
        stats = client.nodes.stats(metric="thread_pool")["nodes"]
    return int(next(iter(stats.values()))["thread_pool"]["write"]["rejected"])


@costly("small_queue_node", "8")
def test_full_queue_for_a_while(
    small_queue_node: LiveNode, open_newsroom: OpenNewsroom, index_name: str
) -> None:
    newsroom = open_newsroom(small_queue_node.access, small_queue_node.major, SVODKA_OUTBOX_PATIENCE="60")
    assert newsroom.svodka("index", "init").code == 0
    before = rejected(small_queue_node)
    with (
        watching(newsroom.outbox().path) as seen,
        flooding(small_queue_node, f"{index_name}-flood") as flood,
        newsroom.crawling() as crawl,
    ):
        until(lambda: seen.failed_with(REFUSED) and seen.waiting > 0, 60, "articles refused with 429")
        until(lambda: seen.attempts >= 2, 30, "a second attempt that was refused")
        flood.stop()
        done = finished(crawl)
    newsroom.assert_drained(done, seen, code=1)
    count = rejected(small_queue_node) - before
    newsroom.account.notes = f"the node refused {count:,} writes; the run drained by itself"
    assert count > flood.refused > 0
    newsroom.assert_whole("first")


@costly("small_queue_node", "9")
def test_full_queue_all_the_while(
    small_queue_node: LiveNode, open_newsroom: OpenNewsroom, index_name: str
) -> None:
    newsroom = open_newsroom(small_queue_node.access, small_queue_node.major)
    assert newsroom.svodka("index", "init").code == 0
    with flooding(small_queue_node, f"{index_name}-flood"):
        done = newsroom.crawl()
    newsroom.assert_waits(done, REFUSED)
    assert newsroom.svodka("index", "replay").code == 0
    newsroom.assert_whole("first")
