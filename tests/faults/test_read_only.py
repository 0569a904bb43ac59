"""A disk of the cluster is nearly full: the server blocks all writes in the middle of a run, and later allows them."""

from __future__ import annotations

import time
from contextlib import closing

from tests.crawler.demo.expected import EXPECTED
from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import HELD_SITES, WAITING_AFTER, Newsroom
from tests.faults.watch import until, watching
from tests.nodes.engines import Engine, costly


def block(es: Engine, value: bool | None) -> None:
    """What the server itself sets at the flood-stage watermark, and takes off below the high one."""
    with es.client() as client:
        client.indices.put_settings(
            index=f"{es.prefix}-*", settings={"index.blocks.read_only_allow_delete": value}
        )


@costly("es", "8")
def test_flood_stage_block(es: Engine, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(es.access, es.major)
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


def left_alone(newsroom: Newsroom) -> bool:
    """Whether something is not sent just now, for what failed before."""
    with closing(newsroom.outbox()) as outbox:
        put_off = outbox.file.rows("SELECT max(next_try) FROM waiting")[0][
            0
        ]  # each batch until another moment
        return max(put_off or 0.0, outbox.next_moment(time.time())) > time.time()


def test_flood_stage_block_for_a_while(es: Engine, open_newsroom: OpenNewsroom) -> None:
    """What one site had to leave waiting is sent with the next site's batch, and told as what became of it."""
    newsroom = open_newsroom(es.access, es.major)
    one_site = len(EXPECTED["first"]["links"][HELD_SITES[1]]["indexed"])

    def until_one_site_waits() -> None:
        until(lambda: newsroom.waiting() == one_site, 30, f"{one_site} articles that wait")
        block(es, None)
        until(lambda: not left_alone(newsroom), 30, "the end of the pause")

    newsroom.in_the_middle(lambda: block(es, True), until_one_site_waits)
    with watching(newsroom.outbox().path) as seen:
        done = newsroom.crawl()
    newsroom.assert_drained(done, seen, code=1)
    newsroom.account.notes = "waiting: at the height of it; the next batch took it along"
    newsroom.assert_whole("first")
