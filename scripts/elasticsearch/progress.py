"""Saying how far a long download has come: a ticking line on a terminal, a line each quarter elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

_MB = 1_000_000
_QUARTERS = 4


@dataclass(slots=True)
class Progress:
    """One download of a known size, in bytes."""

    total: int
    out: TextIO
    _quarter: int = 0

    def show(self, done: int) -> None:
        """Say how many bytes have come."""
        line = f"  {done // _MB} of {self.total // _MB} MB"
        if self.out.isatty():
            self.out.write(f"\r{line}")
            self.out.flush()
            return
        quarter = _QUARTERS * done // self.total
        if quarter > self._quarter:
            self._quarter = quarter
            print(line, file=self.out, flush=True)

    def end(self) -> None:
        """Leave the ticking line."""
        if self.out.isatty():
            self.out.write("\n")
