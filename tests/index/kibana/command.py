"""Running `svodka kibana` in this process, and proof that it shows no secret."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.cli import main
from index.kibana.objects import ndjson
from index.kibana.validate import lines_of

KEY = "Z2VoZWltOnNjaGx1ZXNzZWw="
WORD = "geheim7Wort"
PAIR = base64.b64encode(f"svodka:{WORD}".encode()).decode()
SENT = len(lines_of(ndjson()))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def running(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Run]:
    """Runs commands in a folder; at the end no output, log or error may hold a secret."""
    monkeypatch.chdir(folder)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    def run(*arguments: object, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(f"SVODKA_{name}", value)
            try:
                code = main(["kibana", *map(str, arguments)])
            except SystemExit as end:
                code = int(end.code or 0)
        captured = capsys.readouterr()
        shown.extend(captured)
        return Ran(code, captured.out, captured.err)

    yield run
    everything = "\n".join([*shown, caplog.text])
    assert not [each for each in (KEY, WORD, PAIR) if each in everything]
