"""The nodes of one test run: a folder that its workers share, where each node is started once."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import pytest

from scripts.elasticsearch.machine import Machine
from scripts.elasticsearch.node import Node
from scripts.elasticsearch.process import kill_all
from scripts.elasticsearch.refusal import Missing, Refusal
from scripts.elasticsearch.release import RELEASES
from scripts.elasticsearch.server import Server, find_server
from tests.nodes.cluster import Cluster, make_cluster
from tests.nodes.live import FAST_JVM, SETTINGS, LiveNode
from tests.nodes.secure import ADMIN, SECURITY_SETTINGS, secure

NO_NODE = "no Elasticsearch node: "
_PREFIX = "svodka-nodes-"
_OWN_LOCK = "run.lock"


class _CanStart(Protocol):
    def start(self) -> None: ...


_Startable = TypeVar("_Startable", bound=_CanStart)
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class SharedNodes:
    """Starts nodes below a folder when they are asked for; skips or fails the test that asks when it cannot."""

    folder: Path
    machine: Machine
    _servers: dict[str, Server] = field(default_factory=dict)

    def node(self, name: str, major: str, settings: Mapping[str, Any] | None = None) -> LiveNode:
        """The running node of a name; started now when no worker has done so."""
        return self._started(name, lambda: self._node(name, major, settings or {}))

    def secured(self, name: str, major: str) -> LiveNode:
        """The same with TLS and a superuser."""
        return self._started(name, lambda: self._secured(name, major))

    def cluster(self, name: str, major: str) -> Cluster:
        """The running cluster of a name, all three nodes of it."""
        return self._started(
            name, lambda: make_cluster(self.folder / name, self.server(major), self.machine.owner)
        )

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep all other tests that want a name waiting."""
        with _locked(self.folder / f"{name}.turn"):
            yield

    def _node(self, name: str, major: str, settings: Mapping[str, Any]) -> LiveNode:
        return LiveNode(self._described(name, major, settings))

    def _secured(self, name: str, major: str) -> LiveNode:
        password = secure(self.folder / name / "config")
        return LiveNode(self._described(name, major, SECURITY_SETTINGS), ADMIN, password)

    def _described(self, name: str, major: str, settings: Mapping[str, Any]) -> Node:
        return Node(
            self.folder / name,
            self.server(major),
            self.machine.owner,
            settings={**SETTINGS, **settings},
            jvm=FAST_JVM,
        )

    def server(self, major: str) -> Server:
        """The server that nodes of a major version are started from, fetched when needed."""
        if major not in self._servers:
            self._servers[major] = self._remembered(f"server-{major}", lambda: self._find(major))
        return self._servers[major]

    def _find(self, major: str) -> Server:
        return find_server(RELEASES[major], self.machine)

    def _started(self, name: str, make: Callable[[], _Startable]) -> _Startable:
        return self._remembered(name, lambda: _start(make()))

    def _remembered(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Make what has this name, one worker at a time; a failure is remembered, for it takes as long each time."""
        fault = self.folder / f"{name}.fault"
        with _locked(self.folder / f"{name}.lock"):
            if fault.exists():
                _give_up(**json.loads(fault.read_text("utf-8")))
            try:
                return make()
            except Refusal as refusal:
                remembered: dict[str, Any] = {"reason": str(refusal), "missing": isinstance(refusal, Missing)}
                fault.write_text(json.dumps(remembered), "utf-8")
                _give_up(**remembered)


def _start(made: _Startable) -> _Startable:
    made.start()
    return made


@contextmanager
def nodes_of_a_run(machine: Machine) -> Iterator[SharedNodes]:
    """A new folder of nodes for one test run; they are killed and it is deleted at the end."""
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    folder.chmod(0o755)  # the nodes of root run as another user
    with _locked(folder / f"{_OWN_LOCK}.new"):
        (folder / f"{_OWN_LOCK}.new").rename(folder / _OWN_LOCK)  # never to be seen unlocked
        try:
            yield SharedNodes(folder, machine)
        finally:
            _remove(folder)


def remove_left_behind() -> None:
    """Kill and remove the nodes of runs that were killed themselves: nobody holds their lock any more."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_OWN_LOCK}"):
        try:
            with lock.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(lock.parent.resolve())
        except (BlockingIOError, PermissionError, FileNotFoundError):
            continue  # it runs, is another user's, or was just removed


def _remove(folder: Path) -> None:
    kill_all(folder)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _give_up(reason: str, missing: bool) -> NoReturn:
    """A machine without Java or Maven skips; where tests decide (CI), and for any other fault, that is a failure."""
    if missing and not os.environ.get("CI"):
        raise pytest.skip.Exception(f"{NO_NODE}{reason}", _use_item_location=True)
    pytest.fail(f"{NO_NODE}{reason}", pytrace=False)
