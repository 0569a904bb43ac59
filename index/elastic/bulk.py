"""Bulk writes: bounded by bytes and count, one result an item, conflicts told from refusals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from index.backend import IndexUnreachable, IndexWriteError
from index.elastic.client import BUSY, Forbidden, Missing, Refused, blocked, cause

if TYPE_CHECKING:
    from index.elastic.client import Cluster
    from index.settings import ElasticSettings

TOO_LARGE = 413
AT_ONCE = 2  # requests under way for one call
WORTHWHILE = 100  # items; a smaller request costs more than its thread saves


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a document, for a write that must not overtake another (`if_seq_no`)."""

    index: str
    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Action:
    """One item of a bulk request.

    With a `version` it goes to the very index that was read and only if nobody has written since; without
    one through the alias, which has to exist.
    """

    op: Literal["create", "index", "update", "delete"]
    alias: str
    id: str
    body: dict[str, Any] | bytes | None = None  # bytes: JSON without a line break
    version: Version | None = None

    def lines(self) -> bytes:
        """The item as the lines of a bulk body (newline-delimited JSON)."""
        head = _json({self.op: self._target()})
        if self.body is None:
            return head + b"\n"
        body = self.body if isinstance(self.body, bytes) else _json(self.body)
        return head + b"\n" + (b'{"doc":' + body + b"}" if self.op == "update" else body) + b"\n"

    def _target(self) -> dict[str, Any]:
        if self.version is None:
            return {"_index": self.alias, "_id": self.id, "require_alias": True}
        return {
            "_index": self.version.index,
            "_id": self.id,
            "if_seq_no": self.version.seq_no,
            "if_primary_term": self.version.primary_term,
        }


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item: done, overtaken by another writer (read again), not now, or never."""

    kind: Literal["done", "conflict", "later", "refused"]
    reason: str = ""
    version: Version | None = None  # of what was written


def send(cluster: Cluster, actions: Sequence[Action], settings: ElasticSettings) -> list[Result]:
    """Send actions in as few requests as the bounds allow; one result each, in order.

    Raises `IndexUnreachable` when a request as a whole got no answer or a refusal that may pass (429, 5xx):
    what of it was carried out is then unknown, and sending it again is safe. Raises `Missing` when an alias
    is not there.
    """
    share = max(WORTHWHILE, -(-len(actions) // AT_ONCE))
    chunks = list(
        _chunks((action.lines() for action in actions), min(share, settings.bulk_items), settings.bulk_bytes)
    )
    if len(chunks) < 2:
        return [result for chunk in chunks for result in _request(cluster, chunk)]
    with ThreadPoolExecutor(AT_ONCE) as pool:  # the server writes each request in a thread of its own
        return [result for results in pool.map(partial(_request, cluster), chunks) for result in results]


def require_taken(results: Iterable[Result]) -> None:
    """Raise `IndexUnreachable` for the first item that was put off, `IndexWriteError` for one that was refused."""
    for result in results:
        if result.kind == "later":
            raise IndexUnreachable(result.reason)
        if result.kind == "refused":
            raise IndexWriteError(result.reason)


def _chunks(items: Iterable[bytes], most: int, most_bytes: int) -> Iterator[list[bytes]]:
    chunk, size = list[bytes](), 0
    for item in items:
        if chunk and (len(chunk) == most or size + len(item) > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += len(item)
    if chunk:
        yield chunk


def _request(cluster: Cluster, chunk: Sequence[bytes]) -> list[Result]:
    try:
        body = cluster.ask(cluster.es.bulk, operations=b"".join(chunk))
    except Refused as error:
        if error.status != TOO_LARGE:
            raise
        if len(chunk) == 1:
            return [Result("refused", str(error))]
        half = len(chunk) // 2  # the server's own bound is lower than ours
        return _request(cluster, chunk[:half]) + _request(cluster, chunk[half:])
    return [_result(next(iter(item.values()))) for item in body["items"]]


def _result(item: dict[str, Any]) -> Result:
    status = item["status"]
    if status < 300 or (status == 404 and item.get("result") == "not_found"):  # deleted by another already
        return Result("done", version=Version(item["_index"], item["_seq_no"], item["_primary_term"]))
    kind, reason = cause(item)
    if status == 403 and kind == "security_exception":
        raise Forbidden(
            f"the credentials do not allow it (403): {reason}; docs/elasticsearch.md has the privileges"
        )
    if status == 409:
        return Result("conflict", reason)
    if kind == "cluster_block_exception":
        return Result("later", blocked(reason))
    if kind == "index_not_found_exception" and "require_alias" in reason:
        raise Missing(f"{reason}; 'svodka index init' makes it")
    if kind in {"index_not_found_exception", "document_missing_exception"}:
        return Result("conflict", reason)  # an upgrade has put another index in its place
    if status in BUSY or kind == "index_closed_exception":
        return Result("later", reason)
    return Result("refused", f"{kind}: {reason}" if kind else reason)
