from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
Writer = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def writer() -> Iterator[Writer]:
    """Starts writer processes (see writer.py); what still runs at the end of a test is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(
        index: Path, name: str, batches: int, *options: str, before: tuple[str, ...] = ()
    ) -> subprocess.Popen[str]:
        command = [
            *before,
            sys.executable,
            "-m",
            "tests.index.sqlite.writer",
            str(index),
            name,
            str(batches),
            *options,
        ]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
