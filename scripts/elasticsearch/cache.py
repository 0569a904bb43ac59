"""Unpacked servers, kept for later: one folder a release, made once, whoever asks first."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.elasticsearch.maven import fetch
from scripts.elasticsearch.progress import Progress
from scripts.elasticsearch.refusal import Refusal
from scripts.elasticsearch.unpack import intact, unpack

if TYPE_CHECKING:
    from scripts.elasticsearch.machine import Machine
    from scripts.elasticsearch.release import Release

_UNPACKED = 250_000_000  # bytes that the server and Maven's own plugins take beside the archive


def is_installed(release: Release, machine: Machine) -> bool:
    """Whether a release is there and whole, so that nothing has to be fetched."""
    return intact(_home(release, machine.cache))


def install(release: Release, machine: Machine) -> Path:
    """The folder of an unpacked release; fetched when it is missing or damaged, by one process at a time.

    Raises `Refusal` when there is no room, no Maven or no network.
    """
    home = _home(release, machine.cache)
    _make_cache(machine)
    with locked(machine.cache / f"{home.name}.lock", machine):
        if intact(home):
            return home
        if home.exists():
            machine.say(f"Elasticsearch {release.version} in {home} is damaged; it is made anew.")
            shutil.rmtree(home)
        _make(release, home, machine)
    return home


@contextmanager
def locked(path: Path, machine: Machine) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when its process ends, however it ends."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            machine.say("Waiting for another process that prepares the same Elasticsearch ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _home(release: Release, cache: Path) -> Path:
    return cache / f"elasticsearch-{release.version}"


def _make_cache(machine: Machine) -> None:
    machine.cache.mkdir(parents=True, exist_ok=True)
    if not machine.owner.can_enter(machine.cache):
        machine.cache.chmod(0o755)  # made under root's own narrow umask


def _make(release: Release, home: Path, machine: Machine) -> None:
    """Fetch and unpack beside the place, then rename: a half-made server is never seen under its name."""
    prefix = f".{home.name}-"
    for left_behind in home.parent.glob(f"{prefix}*"):  # by a process that was killed; we hold the lock
        shutil.rmtree(left_behind)
    _check_room(release, home.parent)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=home.parent) as name:
        folder = Path(name)
        archive = _fetch(release, folder, machine)
        machine.say(f"Unpacking into {home} ...")
        unpack(archive, folder / "server")
        (folder / "server").rename(home)


def _fetch(release: Release, folder: Path, machine: Machine) -> Path:
    machine.say(
        f"Fetching Elasticsearch {release.version} with Maven: {release.size // 1_000_000} MB, once ..."
    )
    progress = Progress(release.size, machine.out)
    try:
        archive = fetch(release, folder, machine.environ, progress)
    finally:
        progress.end()
    _check_sum(release, archive)
    return archive


def _check_room(release: Release, folder: Path) -> None:
    needed, free = release.size + _UNPACKED, shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(
            f"{folder} has {free / 1e9:.1f} GB free, fetching Elasticsearch {release.version} takes "
            f"{needed / 1e9:.1f} GB: make room, or name another place with XDG_CACHE_HOME"
        )


def _check_sum(release: Release, archive: Path) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != release.sha256:
        raise Refusal(
            f"what Maven fetched as {release.artifact} is another file (sha256 {found}, "
            f"expected {release.sha256}): check the mirror in ~/.m2/settings.xml"
        )
