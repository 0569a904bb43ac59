"""`SiteLock`: one run of a site at a time on this machine, by flock(2).

The kernel drops the lock when its process ends, however it ends; nothing is left to be cleared away. The file
stays: were it deleted, two processes could each hold a lock on a file of the same name.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from pathlib import Path
from time import sleep

from index.backend import IndexUnavailable
from index.outbox.store import outbox_path
from index.settings import load_settings

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # random(4)
_TRIES, _PAUSE = 200, 0.002  # seconds; a look takes some microseconds


class SiteLocked(Exception):
    """Another run of the site is under way; the message says whose."""


class SiteLock:
    """The lock of one site in a lock file; not taken yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def place(self) -> str:
        """Names this lock among those of all machines: by host, start of its kernel, and path.

        Two machines that were copied from one, with one name, are started at different times. Where the kernel
        tells no start, that part is empty.
        """
        boot = BOOT_ID.read_text("ascii").strip() if BOOT_ID.exists() else ""
        return f"{socket.gethostname()}:{boot}:{self.path.absolute()}"

    def take(self) -> None:
        """Take it; raises `SiteLocked` when another run holds it, `IndexUnavailable` when its file cannot be made."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise IndexUnavailable(
                f"lock {self.path}: it cannot be made or opened: {error.strerror}: give this user write access there"
            ) from error
        try:
            _lock(file)
        except OSError as error:
            holder = os.pread(file, 20, 0).decode("ascii", "replace").strip()
            os.close(file)
            if not isinstance(error, BlockingIOError):
                raise IndexUnavailable(f"lock {self.path}: {error.strerror}") from error
            raise SiteLocked(f"another run is under way (process {holder or 'unknown'})") from None
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give it back; no harm when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock(file: int) -> None:
    """Lock a file for a run; raises BlockingIOError when another run has it.

    Whoever only looks (`is_locked`) shares the lock for a moment, which a run does not: then it is tried again.
    """
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
            sleep(_PAUSE)
        else:
            return
    raise BlockingIOError(errno.EAGAIN, "it is looked at all the time")


def is_locked(path: Path) -> bool:
    """Whether a run holds the lock at a path just now; nothing is made and nobody is held up."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def lock_path(index: str, site: str) -> Path:
    """The lock file of a site: beside the SQLite file of the index, or beside its outbox, in `locks/`."""
    scheme, _, rest = index.partition("://")
    if scheme.lower() == "sqlite":
        place = Path(rest[1:]).expanduser().absolute()
    else:
        settings = load_settings()
        place = outbox_path(settings.outbox.folder, index, settings.elasticsearch.name).absolute()
    return place.parent / "locks" / f"{place.stem}-{site}.lock"
