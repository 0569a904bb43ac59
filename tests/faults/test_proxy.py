"""Something between us and the node answers 200 with a page of HTML: at the start, and in the middle of a run."""

from __future__ import annotations

from dataclasses import replace

from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import WAITING_AFTER
from tests.faults.proxy import proxy_before
from tests.nodes.engines import Engine, costly


@costly("es", "8")
def test_html_at_start(es: Engine, open_newsroom: OpenNewsroom) -> None:
    with proxy_before(es.url) as proxy:
        newsroom = open_newsroom(replace(es.access, url=proxy.url), es.major)
        proxy.html = True
        done = newsroom.crawl()
        assert done.code == 3
        assert "not Elasticsearch (a proxy?)" in done.err
        assert "check the address" in done.err
        assert not newsroom.server.log
        proxy.html = False
        assert newsroom.crawl().code == 1
        newsroom.account.notes = "nothing is fetched while it lasts"
        newsroom.account.note_first(newsroom, newsroom.waiting())
        newsroom.assert_whole("first")


@costly("es", "9")
def test_html_in_the_middle(es: Engine, open_newsroom: OpenNewsroom) -> None:
    with proxy_before(es.url) as proxy:
        newsroom = open_newsroom(replace(es.access, url=proxy.url), es.major)

        def switch() -> None:
            proxy.html = True

        newsroom.in_the_middle(switch)
        done = newsroom.crawl()
        newsroom.assert_waits(done, "Elasticsearch")
        assert proxy.pages_given > 0
        assert newsroom.waiting() == WAITING_AFTER
        assert "<" not in done.err.replace("<title>", "<")
        proxy.html = False
        assert newsroom.svodka("index", "replay").code == 0
        newsroom.assert_whole("first")
