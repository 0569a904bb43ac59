"""`Node`: one Elasticsearch process in a folder of its own, started and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scripts.elasticsearch import process
from scripts.elasticsearch.config import base_settings, write_config
from scripts.elasticsearch.launcher import launch_command, launch_environment
from scripts.elasticsearch.refusal import Refusal

if TYPE_CHECKING:
    from scripts.elasticsearch.owner import Owner
    from scripts.elasticsearch.server import Server

HEAP = ("-Xms512m", "-Xmx512m")  # without it a JVM takes half of the machine's memory
START_SECONDS = 180  # measured: 9 to 17 on an idle machine with two cores
_TAIL = 15  # lines of a log


@dataclass(frozen=True, slots=True)
class Node:
    """One node; all its state is in `folder` (`config/ data/ logs/ tmp/ es.pid`), so any process can hold it.

    `settings` are those of elasticsearch.yml that differ from `base_settings`; None leaves one out.
    `port` 0 takes a free one, and the same again after a restart.
    """

    folder: Path
    server: Server
    owner: Owner
    port: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    jvm: Sequence[str] = HEAP

    @property
    def pid(self) -> int | None:
        """The pid of the running server, None when it does not run."""
        return process.running_pid(self.folder)

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`, where it listens or did last. Raises `Refusal` when it has never run."""
        if port := process.last_port(self.folder):
            return f"127.0.0.1:{port}"
        raise Refusal(f"the node in {self.folder} has never run")

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start the server and wait until it is ready; nothing happens when it runs.

        Raises `Refusal`, with the last lines of its log, when it is not ready in so many seconds.
        """
        if self.pid:
            return
        port = self.port or process.last_port(self.folder)
        check_free(port)
        self._prepare(port)
        with (self.folder / "logs" / "launch.log").open("wb") as log:
            fault = self._launch(log, seconds)
        if fault:
            raise Refusal(f"the node did not start: {fault}. The end of its log:\n{self.last_words()}")

    def stop(self) -> bool:
        """End the server in good order; whether it ran at all."""
        return process.stop(self.folder)

    def kill(self) -> None:
        """End the server at once, as a crash would; its data stays as it is."""
        process.kill(self.folder)

    def last_words(self) -> str:
        """The end of what the launcher printed, which repeats the server's log while it starts; no stack traces."""
        said = (self.folder / "logs" / "launch.log").read_text("utf-8", "replace").splitlines()
        return "\n".join([line for line in said if not line.startswith("\tat ")][-_TAIL:]) or "(nothing)"

    def _prepare(self, port: int) -> None:
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for left_behind in (self.folder / "logs" / "http.ports", self.folder / "es.pid"):
            left_behind.unlink(missing_ok=True)
        settings = base_settings(self.folder, port) | dict(self.settings)
        write_config(self.folder, self.server.home, self.server.java, settings, self.jvm)
        self.owner.take(self.folder)
        if not self.owner.can_enter(self.folder):
            raise Refusal(
                f"the user that runs the node cannot enter {self.folder}: open the folders above it"
            )

    def _launch(self, log: IO[bytes], seconds: float) -> str:
        """Run the launcher to its end; what went wrong, empty when the node is ready."""
        server = self.server
        launcher = subprocess.Popen(
            launch_command(server.release, server.home, server.java, self.folder),
            env=launch_environment(server.home, server.java, self.folder, os.environ.get("PATH", os.defpath)),
            cwd=server.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal must not reach the node
            **self.owner.identity(),
        )
        try:
            code = launcher.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"it was not ready after {seconds:.0f} seconds"
        finally:
            if launcher.poll() is None:  # too slow, or we were interrupted
                os.killpg(launcher.pid, signal.SIGKILL)  # the launcher and the server that it is starting
                launcher.wait()
                process.kill_all(self.folder)  # waits for the server, which is no child of ours
        return "" if code == 0 else f"its launcher ended with code {code}"


def check_free(port: int) -> None:
    """Raise `Refusal` when something listens on a port of loopback; port 0 is always free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise Refusal(
                f"port {port} cannot be had ({taken.strerror}): stop what listens there, "
                "or take another one, such as ES_PORT=9201"
            ) from taken
