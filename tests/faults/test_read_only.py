"""A disk of the cluster is nearly full: the server blocks all writes in the middle of a run, and later allows them."""

from __future__ import annotations

from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import WAITING_AFTER, Newsroom
from tests.nodes.engines import Engine


def block(es: Engine, value: bool | None) -> None:
    """What the server itself sets at the flood-stage watermark, and takes off below the high one."""
    with es.client() as client:
        client.indices.put_settings(
            index=f"{es.prefix}-*", settings={"index.blocks.read_only_allow_delete": value}
        )


def test_flood_stage_block(es: Engine, open_newsroom: OpenNewsroom) -> None:
    newsroom: Newsroom = open_newsroom(es.access, es.major)
    newsroom.in_the_middle(lambda: block(es, True))
    done = newsroom.crawl()
    newsroom.assert_waits(done, "read-only", "free space")
    assert newsroom.waiting() == WAITING_AFTER
    assert newsroom.outcomes()["waiting"] == WAITING_AFTER
    replayed = newsroom.svodka("index", "replay")
    assert replayed.code == 1
    assert "free space" in replayed.err
    block(es, None)
    assert newsroom.svodka("index", "replay").code == 0
    newsroom.assert_whole("first")
