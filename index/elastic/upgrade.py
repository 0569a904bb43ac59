"""Carrying an index over to the current version while searches and crawls go on.

The bulk of the documents is copied while writers still write to the old index. Each pass takes over the
documents' version numbers and overwrites only older ones, so a pass may be repeated, or broken off and
begun anew, at no harm. Then the old index is closed for writing for a moment (articles wait in the outbox), the
last changes are copied, counts compared, and all aliases moved in one call. Old indices are dropped at the very
end, when no search that began before the move can still be at work on them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.backend import BackendError, IndexUnreachable
from index.elastic.client import Missing
from index.elastic.lifecycle import (
    create,
    existing_versions,
    found_versions,
    init,
    missing_alias,
    newer,
    put_template,
)
from index.elastic.rebuild import finished
from index.elastic.schema import ADDED, KINDS, VERSIONS
from index.elastic.turn import only_upgrade

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.schema import Kind

OPEN_PASSES = 5  # copies while writers still write; each has only what came during the one before
FEW = 1000  # changed documents that are copied in a moment, so that the old index can be closed

Progress = Callable[[str, int, int], None]
"""Told the index that is filled, how many documents are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One kind that was carried over: from which index into which, and how many documents."""

    old: str
    new: str
    documents: int


def upgrade(
    engine: Engine, progress: Progress | None = None, *, take_over: bool = False
) -> Generator[Carried]:
    """Bring every kind to the current version; each as soon as it is carried over. Safe to repeat after a kill.

    Raises `Missing` where there is no index yet, IndexUnavailable for one of a newer Svodka or while another
    upgrade is at work (`take_over`: it has died), BackendError when documents are refused or counts differ: the
    old index is then in use as before.
    """
    with only_upgrade(engine, take_over=take_over):
        for kind, version in _in_use(engine).items():
            if version < VERSIONS[kind]:
                yield _carry_over(engine, kind, engine.names.index(kind, version), progress)
        init(engine)  # makes the kinds that were added since
        for kind in KINDS:
            _drop_old(engine, kind)


def _in_use(engine: Engine) -> dict[Kind, int]:
    """The version of every kind that is there; nothing is begun where one cannot be carried over."""
    found: dict[Kind, int] = {}
    for kind, versions in found_versions(engine).items():
        if not versions and kind in ADDED:
            continue
        if not versions:
            raise missing_alias(engine, kind)
        if max(versions) > VERSIONS[kind]:
            raise newer(engine, kind, max(versions))
        found[kind] = max(versions)
    return found


def _carry_over(engine: Engine, kind: Kind, old: str, progress: Progress | None) -> Carried:
    new = engine.names.index(kind)
    put_template(engine, kind)
    create(engine, kind, aliases=False)
    copied_to = -1
    if kind != "pending":  # marks are taken away again; those few are copied when nothing moves
        copied_to = _copy_while_open(engine, old, new, progress)
    with _closed_for_writing(engine, old):
        if kind == "pending":
            _empty(engine, new)
        _copy(engine, old, new, copied_to, progress, overwrite=kind == "pending")
        documents = _require_same_count(engine, old, new)
        _move_aliases(engine, kind, old, new)
    return Carried(old, new, documents)


def _copy_while_open(engine: Engine, old: str, new: str, progress: Progress | None) -> int:
    """Copy until little is left to copy; the number up to which changes were copied."""
    copied_to = -1
    for _ in range(OPEN_PASSES):
        begun_at = _last_change(engine, old)
        if _copy(engine, old, new, copied_to, progress) <= FEW:
            return begun_at
        copied_to = begun_at
    return copied_to


def _last_change(engine: Engine, index: str) -> int:
    """A number (`_seq_no`) that every change exceeds which is not searchable after the next refresh.

    Every shard copy counts for itself; its checkpoint is the last change before which it lacks none, where the
    highest number may have overtaken changes that are still on their way.
    """
    body = engine.cluster.ask(engine.cluster.es.indices.stats, index=index, metric="docs", level="shards")
    shards = body["indices"][index]["shards"].values()
    copies = [copy["seq_no"] for copies in shards for copy in copies if "seq_no" in copy]
    return min((int(each["local_checkpoint"]) for each in copies), default=-1)


def _copy(
    engine: Engine, old: str, new: str, after: int, progress: Progress | None, *, overwrite: bool = False
) -> int:
    """Copy what changed after a number, over what is older (or `overwrite` all); how many there were."""
    es = engine.cluster.es
    engine.cluster.ask(es.indices.refresh, index=old)
    started = engine.cluster.ask(
        es.reindex,
        source={"index": old, "query": {"range": {"_seq_no": {"gt": after}}}},
        # A mark that `_empty` has deleted counts as a newer version for a minute: those are overwritten.
        dest={"index": new, "version_type": "internal" if overwrite else "external"},
        conflicts="proceed",  # the same version is there already
        refresh=True,
        wait_for_completion=False,
    )

    def watch(status: dict[str, Any]) -> None:
        if progress:
            done = status["created"] + status["updated"] + status["version_conflicts"]
            progress(new, done, status["total"])

    try:
        return int(finished(engine, started["task"], watch)["total"])
    except BaseException:  # Ctrl-C, no answer for long: the server need not go on for nobody
        with suppress(BackendError):
            engine.cluster.ask(es.tasks.cancel, task_id=started["task"])
        raise


@contextmanager
def _closed_for_writing(engine: Engine, index: str) -> Iterator[None]:
    """Refuse writes to an index; should the rest fail, they are let in again."""
    es = engine.cluster.es
    _open_for_writing(engine, index)  # a block that is there already is not waited for
    try:
        closed = engine.cluster.ask(es.indices.add_block, index=index, block="write")
        if not closed.get("shards_acknowledged"):
            raise IndexUnreachable(f"not every shard of {index} has ended its writes in time: try again")
        yield
    except BaseException:
        if _leads_to(engine, index):
            _open_for_writing(engine, index)
        raise


def _leads_to(engine: Engine, index: str) -> bool:
    """Whether an alias leads to an index; not when nobody answers: a write into a dropped index would be lost."""
    try:
        body = engine.cluster.ask(engine.cluster.es.indices.get_alias, index=index)
    except BackendError:
        return False
    return bool(body[index]["aliases"])


def _open_for_writing(engine: Engine, index: str) -> None:
    """No failure of this is raised: it goes before a call or after a failure that tells the same."""
    with suppress(BackendError):
        engine.cluster.ask(
            engine.cluster.es.indices.put_settings, index=index, settings={"index.blocks.write": None}
        )


def _empty(engine: Engine, index: str) -> None:
    """Take out the marks of an earlier try: some may have been taken away since."""
    engine.cluster.ask(engine.cluster.es.indices.refresh, index=index)
    engine.cluster.ask(
        engine.cluster.es.delete_by_query, index=index, query={"match_all": {}}, conflicts="proceed"
    )


def _count(engine: Engine, index: str) -> int:
    """Documents of an index, in all of its shards or not at all."""
    engine.cluster.ask(engine.cluster.es.indices.refresh, index=index)
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=index,
        size=0,
        track_total_hits=True,
        allow_partial_search_results=False,
    )
    return int(body["hits"]["total"]["value"])


def _require_same_count(engine: Engine, old: str, new: str) -> int:
    before, after = _count(engine, old), _count(engine, new)
    if before != after:
        raise BackendError(
            f"{new} has {after} documents and {old} has {before}: nothing was changed over, {old} is in use as "
            "before; run 'svodka index check', then 'svodka index upgrade' again"
        )
    return after


def _move_aliases(engine: Engine, kind: Kind, old: str, new: str) -> None:
    """All aliases of a kind at once, so that no search and no write falls between."""
    names = engine.names.aliases(kind)
    held = engine.cluster.ask(engine.cluster.es.indices.get_alias, index=old)[old]["aliases"]
    actions: list[dict[str, Any]] = [
        {"remove": {"index": old, "alias": alias, "must_exist": True}} for alias in names if alias in held
    ]
    actions += [{"add": {"index": new, "alias": alias, **definition}} for alias, definition in names.items()]
    engine.cluster.ask(engine.cluster.es.indices.update_aliases, actions=actions)


def _drop_old(engine: Engine, kind: Kind) -> None:
    """Drop indices of earlier versions that no alias leads to; the one in use has at least as many documents."""
    current = engine.names.index(kind)
    for version in existing_versions(engine, kind):
        if version >= VERSIONS[kind]:
            continue
        old = engine.names.index(kind, version)
        if kind != "pending" and _count(engine, current) < _count(engine, old):
            raise BackendError(
                f"{old} has more documents than {current}: it is kept; look into it and drop it by hand"
            )
        with suppress(Missing):
            engine.cluster.ask(engine.cluster.es.indices.delete, index=old)
