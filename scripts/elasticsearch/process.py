"""A node's process as its folder tells of it: a pid file outlives its process, and pids are given out again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 30
_TICK = 0.1  # seconds
_PROC = Path("/proc")  # macOS has none


def running_pid(folder: Path) -> int | None:
    """The pid of the server that runs in a folder: the one in `es.pid`, if that process is this server."""
    try:
        pid = int((folder / "es.pid").read_text("ascii"))
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and _mark(folder) in command_line(pid) else None


def last_port(folder: Path) -> int:
    """The port on loopback where a node listens or did last; 0 when it has never been ready."""
    try:
        return int((folder / "logs" / "http.ports").read_text("ascii").split()[-1].rpartition(":")[2])
    except (OSError, ValueError, IndexError):
        return 0


def stop(folder: Path, seconds: float = STOP_SECONDS) -> bool:
    """End a server in good order, by force when that takes longer; whether it ran at all."""
    pid = running_pid(folder)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    if not _gone(pid, folder, seconds):
        kill(folder)
    (folder / "es.pid").unlink(missing_ok=True)
    return True


def kill(folder: Path) -> None:
    """End a server at once, as a crash would; its data stays as it is."""
    if pid := running_pid(folder):
        os.kill(pid, signal.SIGKILL)
        _gone(pid, folder, STOP_SECONDS)
    (folder / "es.pid").unlink(missing_ok=True)


def kill_all(folder: Path) -> None:
    """End every server and launcher that runs in a folder or below it, those that are just starting too."""
    deadline = time.monotonic() + STOP_SECONDS
    while (found := [pid for pid in _pids() if _runs_below(pid, folder)]) and time.monotonic() < deadline:
        for pid in found:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, signal.SIGKILL)
        time.sleep(_TICK)


def command_line(pid: int) -> str:
    """The arguments of a process, each followed by a space; empty when there is none (or its zombie only)."""
    if not _PROC.is_dir():
        return f"{_ps('args=', '-p', str(pid)).strip()} "
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _pids() -> Iterator[int]:
    if not _PROC.is_dir():
        return map(int, _ps("pid=", "-ax").split())
    return (int(each.name) for each in _PROC.iterdir() if each.name.isdecimal())


def _ps(column: str, *which: str) -> str:
    done = subprocess.run(
        ["/bin/ps", "-ww", "-o", column, *which], capture_output=True, text=True, check=False
    )
    return done.stdout


def _mark(folder: Path) -> str:
    """What the arguments of this folder's server hold, and those of no other process."""
    return f"-Djava.io.tmpdir={folder / 'tmp'} "


def _runs_below(pid: int, folder: Path) -> bool:
    """Whether a process is a server (by its temporary folder) or a launcher (by its pid file) of ours."""
    arguments = command_line(pid)
    return f"-Djava.io.tmpdir={folder}/" in arguments or f"-p {folder}/" in arguments


def _gone(pid: int, folder: Path, seconds: float) -> bool:
    """Whether the server ends within so many seconds."""
    deadline = time.monotonic() + seconds
    while _mark(folder) in command_line(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_TICK)
    return True
