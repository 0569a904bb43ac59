"""One upgrade at a time: a mark in the cluster that says who is at it.

Two upgrades of one index would open and close the same indices under each other's hands. The mark is a component
template, which nothing else uses: making one is atomic, costs no shard, and is allowed to whoever may upgrade.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.backend import BackendError, IndexUnavailable
from index.elastic.client import Refused

if TYPE_CHECKING:
    from index.elastic.engine import Engine


@contextmanager
def only_upgrade(engine: Engine, *, take_over: bool = False) -> Iterator[None]:
    """Hold the mark; raises IndexUnavailable where another process does.

    One that was killed on this machine is noticed. Of one that was killed elsewhere nobody knows but the user,
    who says so with `take_over`.
    """
    if take_over or _has_died(_holder(engine)):
        _release(engine)
    try:
        _mark(engine)
    except Refused as error:
        if "already exists" not in str(error):  # the server has no error type of its own for it
            raise
        raise IndexUnavailable(_at_work(_holder(engine))) from None
    try:
        yield
    finally:
        with suppress(BackendError):  # a mark that stays is that of a process which has ended
            _release(engine)


def _name(engine: Engine) -> str:
    return f"{engine.names.base}-upgrade"


def _mark(engine: Engine) -> None:
    holder = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    engine.cluster.ask(
        engine.cluster.es.cluster.put_component_template,
        name=_name(engine),
        create=True,
        template={},
        meta=holder,
    )


def _holder(engine: Engine) -> dict[str, Any]:
    """Who holds the mark; empty when nobody does."""
    body = engine.cluster.look(engine.cluster.es.cluster.get_component_template, name=_name(engine))
    for each in body.get("component_templates", []):
        return dict(each["component_template"].get("_meta") or {})
    return {}


def _release(engine: Engine) -> None:
    engine.cluster.look(engine.cluster.es.cluster.delete_component_template, name=_name(engine))


def _has_died(holder: dict[str, Any]) -> bool:
    if holder.get("host") != socket.gethostname() or not isinstance(holder.get("pid"), int):
        return False
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return True
    except OSError:  # it runs and is another user's
        return False
    return False


def _at_work(holder: dict[str, Any]) -> str:
    return (
        f"another upgrade is at work since {holder.get('since')} (on {holder.get('host')}, process "
        f"{holder.get('pid')}); if it has died, run 'svodka index upgrade --take-over'"
    )
