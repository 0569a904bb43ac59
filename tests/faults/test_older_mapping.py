"""The index is of an older version: what is crawled waits for the upgrade, and searches go on."""

from __future__ import annotations

from index.elastic.schema import KINDS
from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import Newsroom
from tests.index.elastic.older import COPY_TIMES, make_older
from tests.nodes.engines import Engine, costly


def make_index_older(newsroom: Newsroom, es: Engine) -> None:
    """Carry what is stored into indices as an older Svodka made them, without the times of the copies."""
    with newsroom.remote() as remote, es.client() as client:
        names = remote.engine.names
        for kind in KINDS:
            client.indices.delete_alias(index=names.index(kind), name="*")
        make_older(remote.engine, without=COPY_TIMES)
        for kind in KINDS:
            client.indices.refresh(index=names.index(kind))
            source = {"index": names.index(kind), "_source": {"excludes": list(COPY_TIMES)}}
            client.reindex(source=source, dest={"index": names.index(kind, 0)}, refresh=True)
            client.indices.delete(index=names.index(kind))


@costly("es", "8")
def test_older_mapping(es: Engine, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(es.access, es.major)
    assert newsroom.crawl().code == 1
    make_index_older(newsroom, es)
    newsroom.turn_page()
    crawled = newsroom.crawl()
    assert crawled.code == 3
    assert "run 'svodka index upgrade'" in crawled.err
    newsroom.account.note_first(newsroom, newsroom.waiting())
    assert newsroom.waiting() > 0, "what the second edition has is fetched and waits"
    assert newsroom.svodka("search", "мост").code == 0, "searches go on"
    status = newsroom.svodka("status")
    assert status.code != 0
    assert "run 'svodka index upgrade'" in status.out + status.err
    assert newsroom.svodka("index", "replay").code != 0
    upgraded = newsroom.svodka("index", "upgrade")
    assert (upgraded.code, upgraded.err) == (0, "")
    assert newsroom.svodka("index", "replay").code == 0
    assert newsroom.crawl().code == 1
    newsroom.account.notes = "the second edition waited for the upgrade"
    newsroom.assert_whole("first", "second")
