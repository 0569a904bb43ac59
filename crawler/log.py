"""The log of a crawl: as text or as one JSON object a line, to standard error or to a file that several share.

The file is opened for appending and each record is one write(2), so lines of several processes never mix
(POSIX: with O_APPEND the offset is set and the data written as one step). Before each write its name is looked
up: whoever has moved the file away, logrotate(8) or another process, the next line goes to the new one. A file
that has grown beyond its size is moved on to `.1`, `.2` and so on by whoever gets its lock (flock(2)) first and
still finds it too large, so that two processes never move it twice. Killed in the middle, a file is missing in
the row and nothing else is lost.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Format = Literal["text", "json"]
MAX_BYTES = 10 << 20  # bytes of a file before it is moved on
KEPT = 5  # files that were moved on
_TEXT = "%(asctime)s [%(name)s] %(levelname)s: %(message)s"


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, site (null where none is known), logger, message, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        entry: dict[str, str | None] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "site": getattr(getattr(record, "spider", None), "name", getattr(record, "site", None)),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class SharedFileHandler(logging.Handler):
    """Writes to a file that other processes write to as well; see the module. Raises OSError when it cannot be opened."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        super().__init__()
        self.path, self.max_bytes, self.kept = path.absolute(), max_bytes, kept
        self._told: int | None = None  # errno of what is wrong and was said
        self._file = self._opened()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; what goes wrong is told on standard error and stops no crawl."""
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            self._follow()
            if os.fstat(self._file).st_size + len(line) > self.max_bytes:
                self._move_on(len(line))
            os.write(self._file, line)
        except OSError as error:
            self._tell(error)
        except Exception:  # as every handler of logging does: what cannot be logged stops no crawl
            self.handleError(record)
        else:
            self._told = None

    def _tell(self, error: OSError) -> None:
        """Say once what keeps lines from being written, and again when it is something else or has come back."""
        if error.errno != self._told:
            self._told = error.errno
            with suppress(OSError):
                os.write(2, f"! log {self.path}: {error.strerror}; lines are missing\n".encode())

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        super().close()

    def _opened(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def _follow(self) -> None:
        """Open the file anew when its name leads to another one, or to none."""
        try:
            same = os.path.samestat(self.path.stat(), os.fstat(self._file))
        except FileNotFoundError:
            same = False
        if not same:
            new = self._opened()  # first: should it fail, the number of the old one is still ours
            os.close(self._file)
            self._file = new

    def _move_on(self, more: int) -> None:
        lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._follow()  # another may have moved it on while we waited
            size = os.fstat(self._file).st_size
            if size and size + more > self.max_bytes:
                for number in range(self.kept, 0, -1):
                    older = self._numbered(number - 1)
                    if older.exists():
                        older.replace(self._numbered(number))
                self._follow()
        finally:
            os.close(lock)

    def _numbered(self, number: int) -> Path:
        return self.path if number == 0 else self.path.with_name(f"{self.path.name}.{number}")


def formatter(form: Format) -> logging.Formatter:
    """How a line is written."""
    return JsonFormatter() if form == "json" else logging.Formatter(_TEXT, datefmt="%Y-%m-%d %H:%M:%S")


def install(level: str, form: Format = "text", path: str | None = None) -> logging.Handler:
    """Send all records of this level and above to a file, or to standard error; returns the handler."""
    handler = SharedFileHandler(Path(path)) if path else logging.StreamHandler()
    handler.setFormatter(formatter(form))
    handler.setLevel(level)
    logging.root.addHandler(handler)
    logging.root.setLevel(level)
    return handler
