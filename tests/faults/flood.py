"""Writers that keep the write queue of a node full, so that it refuses other writes with 429."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError

from tests.nodes.live import LiveNode

WRITERS = 12
DOCUMENTS = 400  # of one request
TOO_MANY = 429


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
        client.indices.create(index=index, settings={"number_of_shards": 4, "number_of_replicas": 0})
    threads = [threading.Thread(target=_write, args=(node, index, flood)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield flood
    finally:
        flood.stop()
        for thread in threads:
            thread.join()


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
