"""Messages about wrong arguments are those of the command that was meant."""

from __future__ import annotations

import pytest

from crawler.cli import main


@pytest.mark.parametrize(
    ("given", "usage", "message"),
    [
        ("stories surplus", "usage: svodka stories ", "unrecognized arguments: surplus"),
        ("index check surplus", "usage: svodka index check ", "unrecognized arguments: surplus"),
        ("sites list surplus", "usage: svodka sites list ", "unrecognized arguments: surplus"),
        ("search word --nonsense", "usage: svodka search ", "unrecognized arguments: --nonsense"),
        ("--nonsense stories", "usage: svodka [", "unrecognized arguments: --nonsense"),
        ("stories --since -7d", "usage: svodka stories ", "is written --since=VALUE"),
    ],
)
def test_the_usage_of_the_command(
    capsys: pytest.CaptureFixture[str], given: str, usage: str, message: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(given.split())
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith(usage)
    assert message in err


@pytest.mark.parametrize("wrong", ["xx", "2026-11-20"])
@pytest.mark.parametrize(
    "command", ["stories", "sources", "search мост", "status", "index stats", "crawl nosuch", "sites list", "explain a.example/1"]
)  # fmt: skip
def test_a_wrong_clock_ends_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, wrong: str
) -> None:
    monkeypatch.setenv("SVODKA_NOW", wrong)
    with pytest.raises(SystemExit) as end:
        main(command.split())
    captured = capsys.readouterr()
    assert (end.value.code, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert captured.err.startswith(f"svodka: SVODKA_NOW='{wrong}' ")


def test_an_offset_beyond_the_last_hit_quotes_no_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--offset", "99999"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "^" not in err
