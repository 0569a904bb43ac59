"""What a whole test run does about nodes: it says what it skips, and leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.elasticsearch.machine import this_machine
from tests.nodes.engines import Engine
from tests.nodes.shared import SharedNodes, nodes_of_a_run, remove_left_behind

ROOT = Path(__file__).parents[2]
USES_A_NODE = """
def test_node(es):
    with es.client() as client:
        assert client.info()["version"]["number"] == es.version
"""
LOSES_ITS_WORKER = """
import os, signal

def test_node(es, nodes):
    with open({told!r}, "w") as file:
        file.write(str(nodes.folder))
    os.kill(os.getpid(), signal.SIGKILL)
"""
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Done]:
    """Runs pytest on one test file of its own, without any java but what `environ` names."""

    def run_pytest(code: str, *options: str, **environ: str) -> Done:
        (tmp_path / "test_inner.py").write_text(code, "utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.nodes.plugin", "-p", "no:cacheprovider"]
        outer = {name: value for name, value in os.environ.items() if name not in {"CI", "SVODKA_TEST_ES"}}
        return subprocess.run(
            [
                *command,
                *options,
                "--rootdir",
                str(tmp_path),
                "-c",
                str(tmp_path / "pytest.ini"),
                str(tmp_path),
            ],
            cwd=ROOT,
            env={**outer, **environ},
            capture_output=True,
            text=True,
            timeout=240,
        )

    return run_pytest


NO_JAVA = {"PATH": "/nonexistent", "JAVA_HOME": "", "ES_JAVA_HOME": ""}


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_last_lines_say_what_was_skipped_and_what_to_install(
    run: Callable[..., Done], workers: tuple[str, ...]
) -> None:
    done = run(USES_A_NODE, *workers, **NO_JAVA)
    assert done.returncode == 0
    last = sorted(done.stdout.splitlines()[-2:])
    assert last[0].startswith(
        "1 test was skipped: no Elasticsearch node: Elasticsearch 8.19.8 needs Java 17 or newer, a full one; found: none."
    )
    assert last[1].startswith(
        "1 test was skipped: no Elasticsearch node: Elasticsearch 9.4.3 needs Java 21 or newer"
    )


def test_in_ci_a_missing_node_is_a_failure(run: Callable[..., Done]) -> None:
    done = run(USES_A_NODE, CI="true", **NO_JAVA)
    assert done.returncode == 1
    assert "2 failed" in done.stdout or "2 errors" in done.stdout


@pytest.mark.elasticsearch
def test_nodes_of_a_crashed_worker_are_stopped(
    run: Callable[..., Done], tmp_path: Path, nodes: SharedNodes
) -> None:
    nodes.server("9")  # skips where no node can be started
    told = tmp_path / "folder"
    done = run(LOSES_ITS_WORKER.format(told=str(told)), "-n", "1", "-k", "9")
    assert "crashed" in done.stdout
    folder = told.read_text()
    assert not Path(folder).exists()
    assert processes_naming(folder) == []


def test_nodes_of_a_killed_run_are_stopped_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    machine = this_machine()
    with nodes_of_a_run(machine) as alive:
        killed = tmp_path / "svodka-nodes-killed"
        killed.mkdir()
        (killed / "run.lock").touch()
        code = "import time; print('up', flush=True); time.sleep(60)"
        argument = f"-Djava.io.tmpdir={killed}/9/tmp"
        with subprocess.Popen([sys.executable, "-c", code, argument], stdout=subprocess.PIPE) as left:
            assert left.stdout
            left.stdout.readline()
            remove_left_behind()
            assert left.wait(10) == -9
        assert not killed.exists()
        assert alive.folder.exists()
    assert not alive.folder.exists()


def test_cluster_of_the_user_is_used_instead(run: Callable[..., Done], es: Engine) -> None:
    done = run(USES_A_NODE, "-vv", SVODKA_TEST_ES=es.url, **NO_JAVA)
    assert done.returncode == 0, done.stdout
    assert f"test_node[{es.version}] PASSED" in done.stdout
    assert "1 passed" in done.stdout


def test_cluster_that_does_not_answer_is_a_usage_error(run: Callable[..., Done]) -> None:
    done = run(USES_A_NODE, SVODKA_TEST_ES="http://127.0.0.1:9", **NO_JAVA)
    assert done.returncode == 4
    assert "SVODKA_TEST_ES=http://127.0.0.1:9 does not answer" in done.stdout + done.stderr


def processes_naming(text: str) -> list[str]:
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(each.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return [line for line in found if text in line]
