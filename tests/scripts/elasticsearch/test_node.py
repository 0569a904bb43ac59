from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.elasticsearch.node import Node, check_free
from scripts.elasticsearch.process import command_line, kill_all
from scripts.elasticsearch.refusal import Refusal
from tests.nodes.live import FAST_JVM
from tests.nodes.shared import SharedNodes

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def node(nodes: SharedNodes, request: pytest.FixtureRequest) -> Iterator[Node]:
    """A node that was never started, in a folder with a blank and letters beyond ASCII in its name."""
    folder = nodes.folder / f"мой узел {os.getpid()}"
    yield Node(folder, nodes.server("9"), nodes.machine.owner, jvm=FAST_JVM, settings=request.param)
    kill_all(folder)


@pytest.mark.parametrize("node", [{"no.such.setting": 1}], indirect=True)
def test_node_that_does_not_start_says_why(node: Node) -> None:
    with pytest.raises(Refusal, match=r"(?s)did not start: its launcher ended with code .*no\.such\.setting"):
        node.start()
    assert node.pid is None


@pytest.mark.parametrize("node", [{}], indirect=True)
def test_node_that_is_too_slow_is_ended(node: Node) -> None:
    with pytest.raises(Refusal, match="it was not ready after 2 seconds"):
        node.start(seconds=2)
    assert not [pid for pid in all_pids() if f"{node.folder}/" in command_line(pid)]


@pytest.mark.parametrize("node", [{}], indirect=True)
def test_node_that_never_ran_has_no_address(node: Node) -> None:
    with pytest.raises(Refusal, match="has never run"):
        _ = node.address


def test_taken_port_is_refused() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with pytest.raises(Refusal, match=f"port {port} cannot be had .*: stop what listens there"):
            check_free(port)
    check_free(port)
    check_free(0)


def all_pids() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
