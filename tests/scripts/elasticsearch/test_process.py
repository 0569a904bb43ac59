from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.elasticsearch import process

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts processes with arguments as a node's server in a folder has them."""
    started: list[subprocess.Popen[bytes]] = []

    def started_in(folder: Path, code: str = SLEEP) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-c", code, f"-Djava.io.tmpdir={folder / 'tmp'}", "last"]
        running = subprocess.Popen(arguments, stdout=subprocess.PIPE)
        started.append(running)
        assert running.stdout
        assert running.stdout.readline() == b"up\n"
        (folder / "es.pid").write_text(str(running.pid))
        return running

    yield started_in
    for each in started:
        each.kill()
        each.communicate()


def test_server_of_the_folder_is_found_and_stopped(tmp_path: Path, start: Start) -> None:
    running = start(tmp_path)
    assert process.running_pid(tmp_path) == running.pid
    assert process.stop(tmp_path)
    assert running.wait(5) < 0
    assert process.running_pid(tmp_path) is None
    assert not (tmp_path / "es.pid").exists()


def test_pid_that_was_given_to_another_process_is_left_alone(tmp_path: Path, start: Start) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "es").mkdir()
    other = start(tmp_path / "other")
    (tmp_path / "es" / "es.pid").write_text(str(other.pid))
    assert not process.stop(tmp_path / "es")
    process.kill(tmp_path / "es")
    assert other.poll() is None


def test_folder_whose_name_only_begins_the_same_is_another(tmp_path: Path, start: Start) -> None:
    (tmp_path / "tmp").mkdir()
    other = start(tmp_path / "tmp")  # .../tmp/tmp
    (tmp_path / "es.pid").write_text(str(other.pid))
    assert process.running_pid(tmp_path) is None


def test_server_that_does_not_listen_is_killed(tmp_path: Path, start: Start) -> None:
    stubborn = start(tmp_path, STUBBORN)
    assert process.stop(tmp_path, seconds=0.3)
    assert stubborn.wait(5) == -9


@pytest.mark.parametrize("content", ["", "abc", "0", "-1", "99999999999", "1\n"])
def test_pid_file_of_no_server(tmp_path: Path, content: str) -> None:
    (tmp_path / "es.pid").write_text(content)
    assert process.running_pid(tmp_path) is None
    assert not process.stop(tmp_path)


def test_all_servers_below_a_folder_are_killed_and_no_others(tmp_path: Path, start: Start) -> None:
    (tmp_path / "run" / "n1").mkdir(parents=True)
    (tmp_path / "run-2").mkdir()
    ours, theirs = start(tmp_path / "run" / "n1"), start(tmp_path / "run-2")
    (tmp_path / "run" / "n1" / "es.pid").unlink()  # as while it is starting
    reads_a_log = [sys.executable, "-c", SLEEP, str(tmp_path / "run" / "n1" / "logs" / "svodka.log")]
    with subprocess.Popen(reads_a_log, stdout=subprocess.PIPE) as reader:
        process.kill_all(tmp_path / "run")
        assert ours.wait(5) == -9
        assert theirs.poll() is reader.poll() is None
        reader.kill()


@pytest.mark.parametrize(
    ("content", "port"),
    [
        ("127.0.0.1:9200\n", 9200),
        ("[::1]:9201\n127.0.0.1:9202\n", 9202),
        ("", 0),
        ("\n", 0),
        ("127.0.0.1:\n", 0),
        ("nonsense", 0),
    ],
)
def test_port_is_read_from_the_ports_file(tmp_path: Path, content: str, port: int) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "http.ports").write_text(content)
    assert process.last_port(tmp_path) == port


def test_port_of_a_node_that_never_ran(tmp_path: Path) -> None:
    assert process.last_port(tmp_path) == 0
