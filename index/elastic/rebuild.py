"""Analysing every stored article anew, in place, while the index is in use."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat
from time import sleep
from typing import TYPE_CHECKING, Any

from index.backend import BackendError, IndexUnreachable

if TYPE_CHECKING:
    from index.elastic.engine import Engine

POLLS = (0.02, 0.05, 0.1, 0.2)  # seconds before each of the first looks at a task; then half a second
PATIENCE = 120  # looks at a task without an answer before it is given up; the task itself goes on


def rebuild(engine: Engine) -> int:
    """Write each article over itself, so that its terms are made anew; how many there were."""
    engine.written("articles")
    engine.refresh("articles")
    started = engine.cluster.ask(
        engine.cluster.es.update_by_query,
        index=engine.names.articles,
        conflicts="proceed",  # what is written meanwhile is analysed by that write
        wait_for_completion=False,
    )
    engine.written("articles")
    return int(finished(engine, started["task"])["total"])


def finished(
    engine: Engine, task: str, watch: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Wait for a task of the server and return its account.

    Raises BackendError where documents failed or the task is gone. A server that does not answer for a while
    does its work all the same: only after a minute of it IndexUnreachable is raised.
    """
    silent = 0
    for pause in chain(POLLS, repeat(0.5)):
        sleep(pause)
        try:
            body = _look(engine, task)
        except IndexUnreachable:
            silent += 1
            if silent == PATIENCE:
                raise
            continue
        silent = 0
        if watch:
            watch(body["task"]["status"])
        if body["completed"]:
            return _account(body)
    raise AssertionError("the pauses never end")


def _look(engine: Engine, task: str) -> dict[str, Any]:
    body = engine.cluster.look(engine.cluster.es.tasks.get, task_id=task)
    if not body:
        raise BackendError(
            "the node that was at work on it has gone, and its work with it: run the same command again"
        )
    return body


def _account(body: dict[str, Any]) -> dict[str, Any]:
    if "error" in body:
        raise BackendError(f"the server gave up: {body['error'].get('reason')}")
    account: dict[str, Any] = body["response"]
    if failures := account["failures"]:
        first = failures[0]
        raise BackendError(
            f"{len(failures)} documents failed, the first ({first.get('id')}): {_deepest(first) or first}"
        )
    return account


def _deepest(failure: dict[str, Any]) -> str:
    """The innermost reason: the outer ones only say that a document could not be read."""
    inner = failure.get("cause") or failure.get("reason") or {}
    while isinstance(inner, dict) and isinstance(inner.get("caused_by"), dict):
        inner = inner["caused_by"]
    return str(inner.get("reason", "")) if isinstance(inner, dict) else str(inner)
