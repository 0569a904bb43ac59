"""A cluster of three loses the node that holds the primaries, in the middle of a run: a replica takes over."""

from __future__ import annotations

from dataclasses import replace

from elasticsearch import Elasticsearch

from index.elastic.schema import Names
from tests.faults.conftest import OpenNewsroom
from tests.faults.watch import watching
from tests.nodes.cluster import Cluster
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode


def node_with_primary(client: Elasticsearch, cluster: Cluster, index: str) -> LiveNode:
    shards = client.cat.shards(index=index, h="prirep,node", format="json")
    name = next(shard["node"] for shard in shards if shard["prirep"] == "p")  # type: ignore[index]  # JSON rows
    return next(node for node in cluster.nodes if node.node.folder.name == name)


@costly("three_nodes", "9")
def test_lost_node(three_nodes: Cluster, open_newsroom: OpenNewsroom, index_name: str) -> None:
    addresses = ",".join(three_nodes.urls)
    newsroom = open_newsroom(
        replace(three_nodes.nodes[0].access, url=addresses),
        f"{three_nodes.nodes[0].major}, three nodes",
        SVODKA_OUTBOX_PATIENCE="75",
    )
    assert newsroom.svodka("index", "init").code == 0
    with three_nodes.client() as client:
        client.cluster.health(index=f"{index_name}-*", wait_for_status="green", timeout="30s")
        lost = node_with_primary(client, three_nodes, Names(index_name).index("articles"))
    newsroom.in_the_middle(lost.kill)
    with watching(newsroom.outbox().path) as seen:
        done = newsroom.crawl()
    assert lost.pid is None
    newsroom.assert_drained(done, seen, code=1)
    newsroom.account.notes = "waiting: at the height of it; the run went on with the other two nodes"
    newsroom.assert_whole("first")
    three_nodes.start()
    newsroom.assert_whole("first")
