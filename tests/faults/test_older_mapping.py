"""The index is of an older version: a crawl is refused with the command to type, and goes on after it."""

from __future__ import annotations

from index.elastic.schema import KINDS
from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import Newsroom
from tests.index.elastic.older import make_older
from tests.nodes.engines import Engine


def make_index_older(newsroom: Newsroom, es: Engine) -> None:
    """Carry what is stored into indices as an older Svodka made them."""
    with newsroom.remote() as remote, es.client() as client:
        names = remote.engine.names
        for kind in KINDS:
            client.indices.delete_alias(index=names.index(kind), name="*")
        make_older(remote.engine)
        for kind in KINDS:
            client.indices.refresh(index=names.index(kind))
            source, dest = {"index": names.index(kind)}, {"index": names.index(kind, 0)}
            client.reindex(source=source, dest=dest, refresh=True)
            client.indices.delete(index=names.index(kind))


def test_older_mapping(es: Engine, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(es.access, es.major)
    assert newsroom.crawl().code == 1
    newsroom.account.note_first(newsroom, newsroom.waiting())
    make_index_older(newsroom, es)
    asked = len(newsroom.server.log)
    newsroom.turn_page()
    for command in (["crawl"], ["index", "check"], ["status"], ["index", "replay"]):
        done = newsroom.svodka(*command)
        assert done.code == 3, command
        assert "run 'svodka index upgrade'" in done.err
    assert len(newsroom.server.log) == asked, "nothing is fetched"
    upgraded = newsroom.svodka("index", "upgrade")
    assert (upgraded.code, upgraded.err) == (0, "")
    assert newsroom.crawl().code == 1
    newsroom.account.notes = "no second crawl before the upgrade"
    newsroom.assert_whole("first", "second")
