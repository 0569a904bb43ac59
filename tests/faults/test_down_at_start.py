"""The node is down when the crawl starts: all is fetched, all waits, nothing is lost."""

from __future__ import annotations

from tests.crawler.demo.expected import EXPECTED
from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import Newsroom
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode

ARTICLES = EXPECTED["first"]["counts"]["articles"]


def crawl_without(node: LiveNode, newsroom: Newsroom) -> None:
    node.stop()
    done = newsroom.crawl()
    newsroom.assert_waits(done, "connection refused")
    assert newsroom.outcomes()["waiting"] == newsroom.waiting() == ARTICLES
    status = newsroom.svodka("status")
    assert status.code == 3
    assert f"{ARTICLES} articles" in status.out
    node.start()


@costly("private_node", "8")
def test_down_at_start_then_replay(private_node: LiveNode, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(private_node.access, private_node.major)
    assert newsroom.svodka("index", "init").code == 0
    crawl_without(private_node, newsroom)
    replayed = newsroom.svodka("index", "replay")
    assert (replayed.code, replayed.err) == (0, "")
    assert f"{ARTICLES} articles sent, 0 refused, 0 left to send" in replayed.out
    newsroom.assert_whole("first")


@costly("private_node", "9")
def test_down_at_start_then_the_next_crawl(private_node: LiveNode, open_newsroom: OpenNewsroom) -> None:
    """The index was never made: who comes first when the node is there makes it."""
    newsroom = open_newsroom(private_node.access, private_node.major)
    crawl_without(private_node, newsroom)
    newsroom.turn_page()
    newsroom.environment["SVODKA_OUTBOX_PATIENCE"] = "60"
    done = newsroom.crawl()
    assert done.code == 1, "a feed of the sample sites is broken, and that is all"
    assert "! index" not in done.err
    newsroom.assert_whole("first", "second")
