"""`Cluster`: three nodes on this machine that are one cluster."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.elasticsearch.node import Node
from tests.nodes.live import FAST_JVM, SETTINGS, LiveNode

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from scripts.elasticsearch.owner import Owner
    from scripts.elasticsearch.server import Server

SIZE = 3


@dataclass(frozen=True, slots=True)
class Cluster:
    """Its nodes, any of which may be down."""

    nodes: tuple[LiveNode, ...]

    @property
    def urls(self) -> list[str]:
        """The address of each node."""
        return [node.url for node in self.nodes]

    def start(self) -> None:
        """Start the nodes that are down, and wait until every shard has its copies."""
        with ThreadPoolExecutor(SIZE) as pool:  # a first node alone would wait for the others
            list(pool.map(_start, self.nodes))
        with self.client(request_timeout=90) as client:
            client.cluster.health(wait_for_nodes=str(SIZE), wait_for_status="green", timeout="80s")

    def client(self, **options: Any) -> Elasticsearch:
        """A client of the first node that runs."""
        return next(node for node in self.nodes if node.pid).client(**options)

    def master(self) -> LiveNode:
        """The node that the cluster has elected."""
        with self.client() as client:
            name = str(client.cat.master(h="node")).strip()
        return next(node for node in self.nodes if node.node.folder.name == name)


def make_cluster(folder: Path, server: Server, owner: Owner) -> Cluster:
    """Three nodes below a folder, not yet started; the same ones again for a folder that has them."""
    ports = _ports(folder / "ports.json")
    names = [f"n{number}" for number in range(SIZE)]
    settings = {
        **SETTINGS,
        "discovery.type": None,
        "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in ports[SIZE:]],
        "cluster.initial_master_nodes": names,
    }
    return Cluster(
        tuple(
            LiveNode(
                Node(
                    folder / name,
                    server,
                    owner,
                    port=http,
                    settings=settings | {"node.name": name, "transport.port": transport},
                    jvm=FAST_JVM,
                )
            )
            for name, http, transport in zip(names, ports, ports[SIZE:], strict=False)
        )
    )


def free_ports(count: int) -> Iterator[int]:
    """Ports of loopback that nothing listens on, all different."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        yield from [each.getsockname()[1] for each in sockets]


def _ports(file: Path) -> list[int]:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(list(free_ports(2 * SIZE))), "ascii")
    return [int(port) for port in json.loads(file.read_text("ascii"))]


def _start(node: LiveNode) -> None:
    node.thaw()
    node.node.start()
