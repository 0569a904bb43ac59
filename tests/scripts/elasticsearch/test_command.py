"""`python -m scripts.elasticsearch` from start to stop, as make runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from scripts.elasticsearch.__main__ import default_folder
from scripts.elasticsearch.owner import Owner
from scripts.elasticsearch.process import kill_all, running_pid
from tests.nodes.cluster import free_ports
from tests.nodes.shared import SharedNodes
from tests.scripts.elasticsearch.fakes import machine_with, write_java

ROOT = Path(__file__).parents[3]
Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]


def run(*arguments: str, **environ: str) -> Done:
    command = [sys.executable, "-m", "scripts.elasticsearch", *arguments]
    environment = {**os.environ, **environ}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)


@pytest.fixture
def command(nodes: SharedNodes) -> Iterator[Command]:
    """Runs the command on a folder of this test; skips where no node can be started."""
    nodes.server("9")
    folder = nodes.folder / f"command-{os.getpid()}"
    yield lambda *arguments: run(*arguments, "--folder", str(folder))
    kill_all(folder)


@pytest.mark.elasticsearch
def test_node_is_started_once_and_stopped(command: Command, nodes: SharedNodes) -> None:
    port = str(next(iter(free_ports(1))))
    folder = nodes.folder / f"command-{os.getpid()}"

    started = command("start", "--port", port)
    assert (started.returncode, started.stderr) == (0, "")
    assert (
        f"Elasticsearch 9.4.3 is ready at http://127.0.0.1:{port}, its data is in {folder}." in started.stdout
    )
    assert f"  make demo SVODKA_INDEX=http://127.0.0.1:{port} " in started.stdout
    with Elasticsearch(f"http://127.0.0.1:{port}") as client:
        heap = client.nodes.stats(metric="jvm")["nodes"].popitem()[1]["jvm"]["mem"]["heap_max_in_bytes"]
    assert heap == 512 * 1024**2
    pid = running_pid(folder)
    assert pid
    assert os.geteuid() != 0 or Path(f"/proc/{pid}").stat().st_uid != 0

    again = command("start")
    assert again.returncode == 0
    assert f"Elasticsearch 9.4.3 runs already at http://127.0.0.1:{port}." in again.stdout
    elsewhere = command("start", "--port", "9999")
    assert elsewhere.returncode == 1
    assert f"it runs already, on port {port}: stop it first" in elsewhere.stderr
    assert running_pid(folder) == pid

    assert "Elasticsearch 9 is stopped; its data stays in" in command("stop").stdout
    assert running_pid(folder) is None
    stopped = command("stop")
    assert (stopped.returncode, stopped.stdout) == (0, f"Elasticsearch 9 does not run in {folder}.\n")


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        done = run("start", "--port", str(port), "--folder", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"elasticsearch: port {port} cannot be had (Address already in use): ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("major", ["8", "9"])
def test_too_old_java_is_one_line(tmp_path: Path, major: str) -> None:
    home = write_java(tmp_path / "jdk", 11)
    path = f"{home / 'bin'}:/usr/bin:/bin"
    done = run(
        "start", "--major", major, "--folder", str(tmp_path / "es"), "--port", str(next(iter(free_ports(1)))),
        PATH=path, JAVA_HOME="", ES_JAVA_HOME="",
    )  # fmt: skip
    assert done.returncode == 1
    assert f"found: {home} (Java 11), too old. Install it" in done.stderr
    assert done.stderr.count("\n") == 1


def test_unknown_major_is_a_wrong_argument() -> None:
    done = run("start", "--major", "7")
    assert done.returncode == 2
    assert "invalid choice: '7' (choose from '8', '9')" in done.stderr or "choose from 8, 9" in done.stderr


def test_root_whose_clone_is_closed_keeps_data_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    stranger = machine_with().__class__({}, Owner(65533, 65533, changed=True), sys.stdout)
    ours = machine_with().__class__({}, Owner(os.geteuid(), os.getegid(), changed=False), sys.stdout)
    assert default_folder("9", ours) == tmp_path / "var" / "elasticsearch" / "9"
    elsewhere = default_folder("9", stranger)
    assert elsewhere.parts[:4] == ("/", "var", "lib", "svodka")
    monkeypatch.chdir("/")
    assert default_folder("9", stranger) != elsewhere
