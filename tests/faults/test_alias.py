"""An alias goes missing: the server makes no index in its place, and one command brings it back."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import WAITING_AFTER
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode


def indices(client: Elasticsearch, name: str) -> set[str]:
    return set(client.indices.get(index=f"{name}*", expand_wildcards="all", features="aliases"))


def take_off(client: Elasticsearch, name: str) -> None:
    """Take the alias of all articles off its index, and let the server make indices as it does by default."""
    client.cluster.put_settings(persistent={"action.auto_create_index": "true"})
    client.indices.delete_alias(index=f"{name}-articles-v*", name=f"{name}-all")


@costly("private_node", "8")
def test_alias_missing_in_the_middle(
    private_node: LiveNode, open_newsroom: OpenNewsroom, index_name: str
) -> None:
    newsroom = open_newsroom(private_node.access, private_node.major)
    with private_node.client() as client:
        assert newsroom.svodka("index", "init").code == 0
        before = indices(client, index_name)
        newsroom.in_the_middle(lambda: take_off(client, index_name))
        done = newsroom.crawl()
        newsroom.assert_waits(done, f"{index_name}-all", "svodka index init")
        assert newsroom.waiting() == WAITING_AFTER
        replayed = newsroom.svodka("index", "replay")
        assert (replayed.code, "svodka index init" in replayed.err) == (3, True)
        assert newsroom.svodka("index", "init").code == 0
        assert indices(client, index_name) == before
    assert newsroom.svodka("index", "replay").code == 0
    newsroom.assert_whole("first")


@costly("private_node", "9")
def test_alias_missing_at_start(private_node: LiveNode, open_newsroom: OpenNewsroom, index_name: str) -> None:
    """A crawl makes what is missing, as on a new cluster: the alias goes back to the index that is there."""
    newsroom = open_newsroom(private_node.access, private_node.major)
    assert newsroom.crawl().code == 1
    newsroom.account.note_first(newsroom, newsroom.waiting())
    with private_node.client() as client:
        before = indices(client, index_name)
        take_off(client, index_name)
        for command in (["search", "мост"], ["index", "stats"], ["index", "replay"]):
            done = newsroom.svodka(*command)
            assert (done.code, "svodka index init" in done.err) == (3, True)
        newsroom.turn_page()
        assert newsroom.crawl().code == 1
        assert indices(client, index_name) == before
    newsroom.assert_whole("first", "second")
