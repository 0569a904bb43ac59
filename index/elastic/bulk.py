"""Bulk writes: bounded by bytes and count, one result an item, conflicts told from refusals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from index.backend import BackendError
from index.elastic.client import BUSY, Missing, blocked, cause

if TYPE_CHECKING:
    from index.elastic.client import Cluster
    from index.settings import ElasticSettings

TOO_LARGE = 413


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
    body: dict[str, Any] | None = None
    version: Version | None = None

    def lines(self) -> bytes:
        """The item as the lines of a bulk body (newline-delimited JSON)."""
        parts: list[dict[str, Any]] = [{self.op: self._target()}]
        if self.body is not None:
            parts.append({"doc": self.body} if self.op == "update" else self.body)
        return b"".join(
            json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for part in parts
        )

    def _target(self) -> dict[str, Any]:
        if self.version is None:
            return {"_index": self.alias, "_id": self.id, "require_alias": True}
        return {
            "_index": self.version.index,
            "_id": self.id,
            "if_seq_no": self.version.seq_no,
            "if_primary_term": self.version.primary_term,
        }


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
    results: list[Result] = []
    for chunk in _chunks((action.lines() for action in actions), settings):
        results += _request(cluster, chunk)
    return results


def later(results: Iterable[Result]) -> str:
    """The reason of the first item that was put off; '' when there is none."""
    return next((result.reason for result in results if result.kind == "later"), "")


def _chunks(items: Iterable[bytes], settings: ElasticSettings) -> Iterator[list[bytes]]:
    chunk, size = list[bytes](), 0
    for item in items:
        if chunk and (len(chunk) == settings.bulk_items or size + len(item) > settings.bulk_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += len(item)
    if chunk:
        yield chunk


def _request(cluster: Cluster, chunk: Sequence[bytes]) -> list[Result]:
    try:
        body = cluster.ask(cluster.es.bulk, operations=b"".join(chunk))
    except BackendError as error:
        if f"({TOO_LARGE})" not in str(error):
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
    if status == 409:
        return Result("conflict", reason)
    if kind == "cluster_block_exception":
        return Result("later", blocked(reason))
    if kind == "index_not_found_exception" and "require_alias" in reason:
        raise Missing(f"{reason}; 'svodka index init' makes it")
    if kind in {"index_not_found_exception", "document_missing_exception"}:
        return Result("conflict", reason)  # an upgrade has put another index in its place
    if status in BUSY:
        return Result("later", reason)
    return Result("refused", f"{kind}: {reason}" if kind else reason)
