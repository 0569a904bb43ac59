"""Writers that keep the write queue of a node full, so that it refuses other writes with 429."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError

from tests.nodes.live import LiveNode

WRITERS = 8
DOCUMENTS = 200  # of one request
TOO_MANY = 429
# Keeps a writing thread of the node busy for milliseconds a document, so that its queue has room but seldom.
SLOW = "int n = 0; for (int i = 0; i < 900000; i++) { n = n * 31 + i } ctx.n = n"


@dataclass
class Flood:
    """Writers at work until `stop`."""

    ended: threading.Event = field(default_factory=threading.Event)
    refused: int = 0  # requests or parts of one that were answered with 429

    def stop(self) -> None:
        """No further request is made; those under way are finished."""
        self.ended.set()


@contextmanager
def flooding(node: LiveNode, index: str) -> Iterator[Flood]:
    """Write to an index of one's own from several threads at once."""
    flood = Flood()
    with node.client() as client:
        client.ingest.put_pipeline(id=index, processors=[{"script": {"source": SLOW}}])
        settings = {"number_of_shards": 4, "number_of_replicas": 0, "index.default_pipeline": index}
        client.indices.create(index=index, settings=settings)
    threads = [threading.Thread(target=_write, args=(node, index, flood)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield flood
    finally:
        flood.stop()
        for thread in threads:
            thread.join()
        with node.client() as client:
            client.indices.delete(index=index)
            client.ingest.delete_pipeline(id=index)


def _write(node: LiveNode, index: str, flood: Flood) -> None:
    operations: list[dict[str, Any]] = []
    for number in range(DOCUMENTS):
        operations += [{"index": {"_id": str(number)}}, {"title": f"Ёлка {number} " * 20}]
    with node.client(max_retries=0) as client:
        while not flood.ended.is_set():
            try:
                answer = client.bulk(index=index, operations=operations)
            except ApiError as error:
                flood.refused += error.status_code == TOO_MANY
                continue
            flood.refused += any(item["index"]["status"] == TOO_MANY for item in answer["items"])
