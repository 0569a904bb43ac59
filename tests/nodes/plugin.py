"""Fixtures of Elasticsearch nodes, and what the run says when there can be none.

`es` is one shared node of each major, `index_name` a prefix that belongs to the test alone. `private_node` and
`three_nodes` may be killed and frozen: one test at a time has them. `secured_node` and `small_queue_node` are
shared again. Each costs about ten seconds, once a run. SVODKA_TEST_ES=URL takes a cluster that is there for `es`.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from scripts.elasticsearch.machine import this_machine
from tests.nodes.access import empty, remove_indices
from tests.nodes.cluster import Cluster
from tests.nodes.engines import Engine, engine_on, majors
from tests.nodes.live import LiveNode
from tests.nodes.shared import NO_NODE, SharedNodes, nodes_of_a_run

_FIXTURES = frozenset({"es", "private_node", "secured_node", "small_queue_node", "three_nodes"})
_FOLDER = "svodka_nodes"  # in what the controller of a run tells its workers
_RUN = pytest.StashKey[AbstractContextManager[SharedNodes]]()
_NODES = pytest.StashKey[SharedNodes]()
SMALL_QUEUE = {"thread_pool.write.size": 1, "thread_pool.write.queue_size": 1}


@pytest.fixture(scope="session")
def nodes(request: pytest.FixtureRequest) -> SharedNodes:
    """The nodes of this run, started when they are asked for."""
    return request.config.stash[_NODES]


@pytest.fixture
def index_name() -> str:
    """A prefix for the names of a test's indices; what begins with it is deleted when the test ends."""
    return f"t-{secrets.token_hex(6)}"


@pytest.fixture(params=majors())
def es(request: pytest.FixtureRequest, nodes: SharedNodes, index_name: str) -> Iterator[Engine]:
    """A shared node of each major in turn."""
    with engine_on(nodes, request.param, index_name) as engine:
        yield engine


@pytest.fixture
def private_node(request: pytest.FixtureRequest, nodes: SharedNodes) -> Iterator[LiveNode]:
    """An empty node that this test alone has and may kill; 9 unless parametrised (`indirect`) with a major."""
    major = getattr(request, "param", "9")
    with nodes.alone(f"private-{major}"):
        node = nodes.node(f"private-{major}", major)
        with node.client() as client:
            empty(client)
        yield node
        node.thaw()


@pytest.fixture
def three_nodes(request: pytest.FixtureRequest, nodes: SharedNodes) -> Iterator[Cluster]:
    """An empty cluster of three nodes that this test alone has and may kill any of; 9 unless parametrised."""
    major = getattr(request, "param", "9")
    with nodes.alone(f"cluster-{major}"):
        cluster = nodes.cluster(f"cluster-{major}", major)
        with cluster.client() as client:
            empty(client)
        yield cluster
        for node in cluster.nodes:
            node.thaw()


@pytest.fixture
def secured_node(request: pytest.FixtureRequest, nodes: SharedNodes, index_name: str) -> Iterator[LiveNode]:
    """A shared node with TLS, a superuser and API keys (`LiveNode.api_key`); 9 unless parametrised."""
    major = getattr(request, "param", "9")
    node = nodes.secured(f"secured-{major}", major)
    yield node
    with node.client() as client:
        remove_indices(client, index_name)


@pytest.fixture
def small_queue_node(
    request: pytest.FixtureRequest, nodes: SharedNodes, index_name: str
) -> Iterator[LiveNode]:
    """A shared node that refuses concurrent writes with 429: one thread, one place in its queue; as the others."""
    major = getattr(request, "param", "9")
    node = nodes.node(f"small-queue-{major}", major, SMALL_QUEUE)
    yield node
    with node.client() as client:
        remove_indices(client, index_name)


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the run's folder; its workers are told of it."""
    # Not captured yet: a test that has to fetch a server for a minute says so to who waits.
    machine = this_machine(os.fdopen(os.dup(2), "w"))
    told = getattr(config, "workerinput", {}).get(_FOLDER)
    if told:
        config.stash[_NODES] = SharedNodes(Path(told), machine)
        return
    config.stash[_RUN] = run = nodes_of_a_run(machine)
    config.stash[_NODES] = run.__enter__()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the run's nodes are."""
    node.workerinput[_FOLDER] = str(node.config.stash[_NODES].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop every node of the run, also when it was interrupted or a worker crashed."""
    if run := config.stash.get(_RUN, None):
        run.__exit__(None, None, None)
    config.stash[_NODES].machine.out.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a node's fixture is marked `elasticsearch`."""
    for item in items:
        if _FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.elasticsearch)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """After everything else, say what was skipped for want of a node and how to have one."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker: its controller reports
        return
    reasons = Counter(_reason(each) for each in reporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        if reason:
            tests = "1 test was" if count == 1 else f"{count} tests were"
            reporter.write_line(f"{tests} skipped: {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    """Why there was no node; empty for any other skip."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    _, found, reason = said.partition(NO_NODE)
    return found + reason
