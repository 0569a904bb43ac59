from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.status.command import add_status
from index.cli import add_commands
from index.sqlite.backend import SqliteBackend
from tests.make import NOON, make_article, make_source

TEXT = "Движение по новому мосту через реку открыли утром, сообщили в городской администрации. "


def svodka(*arguments: str) -> int:
    """Run a command as `svodka` does; argparse's own exits become codes too."""
    parser = argparse.ArgumentParser(prog="svodka")
    commands = parser.add_subparsers(required=True)
    add_commands(commands)
    add_status(commands)
    try:
        args = parser.parse_args(arguments)
        return int(args.run(args))
    except SystemExit as end:
        return int(str(end.code))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three articles, two of them one text, none linked; SVODKA_INDEX names the file."""
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put(
            [
                make_article(site="ria.ru", title="Мост открыт", body=TEXT * 8, source=make_source("ria.ru", "РИА Новости")),
                make_article(site="lenta.ru", title="Открыли мост", body=TEXT * 8, published_at=NOON + timedelta(hours=2)),
                make_article(site="tass.ru", title="Спорт: счёт 3:2", body="Команда выиграла матч.", language="ru"),
            ]
        )  # fmt: skip
    monkeypatch.setenv("SVODKA_INDEX", f"sqlite:///{path}")
    return path


def titles(capsys: pytest.CaptureFixture[str], *arguments: str) -> set[str]:
    assert svodka("search", "--json", *arguments) == 0
    return {hit["title"] for hit in json.loads(capsys.readouterr().out)["hits"]}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["мосты"], {"Мост открыт", "Открыли мост"}),
        (["мосты", "открытие"], set()),
        (["мост site:ria.ru"], {"Мост открыт"}),
        (["мост", "-site:ria.ru"], {"Открыли мост"}),
        (["-мост"], {"Спорт: счёт 3:2"}),
        (["--", "-мост"], {"Спорт: счёт 3:2"}),
        (["-мост матч"], {"Спорт: счёт 3:2"}),
        (["мост", "--limit", "5", "-site:ria.ru"], {"Открыли мост"}),
        (["мост", "--limit", "5", "--", "-site:ria.ru"], {"Открыли мост"}),
        (["матч", "OR", "site:lenta.ru"], {"Спорт: счёт 3:2", "Открыли мост"}),
        (
            ["after:2026-01-18T15:00", "--zone", "Europe/Moscow"],
            {"Мост открыт", "Открыли мост", "Спорт: счёт 3:2"},
        ),
        (["after:2026-01-18T15:01", "--zone", "Europe/Moscow"], {"Открыли мост"}),
        (["after:1h"], set()),
        ([], {"Мост открыт", "Открыли мост", "Спорт: счёт 3:2"}),
    ],
)
def test_search(
    index: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: set[str]
) -> None:
    assert titles(capsys, *arguments) == expected


def test_search_prints_for_readers(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("search", "мост", "--sort", "date", "--limit", "1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [" 1. Открыли мост", "    lenta.ru · 18 Jan 2026 14:00 UTC"]
    assert lines[-1] == "1-1 of 2 stories; next: --offset 1"
    assert (
        svodka("search", "мост", "--sort", "date", "--limit", "1", "--page", "2", "--zone", "Europe/Moscow")
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [" 2. Мост открыт", "    ria.ru · 18 Jan 2026 15:00 MSK · by РИА Новости"]
    assert lines[-1] == "2-2 of 2 stories"
    assert svodka("search", "паром") == 0
    assert capsys.readouterr().out.startswith("Nothing found.\nLooked for: паром (any form).\n")


def test_a_wrong_query_ends_with_2_and_points_at_the_place(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert svodka("search", "мост", "OR") == 2
    captured = capsys.readouterr()
    assert captured.err == "svodka search: OR needs something after it\n  мост OR\n       ^\n"
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search", "мост", "--limt", "5"], "unrecognized arguments: --limt"),
        (["search", "--limit", "0"], "no whole number from 1 up"),
        (["search", "--offset", "-1"], "--offset"),
        (["search", "--page", "2", "--offset", "10"], "not allowed with"),
        (["search", "--page", "5000"], "hits can be listed up to the 10,000th"),
        (["search", "--zone", "Mars/Olympus"], "no time zone"),
        (["search", "--sort", "size"], "invalid choice"),
        (["index"], "required"),
    ],
)
def test_wrong_options_end_with_2(
    index: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert svodka(*arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["search", "мост"], ["index", "check"], ["index", "stats"], ["index", "reconcile"]]
)
def test_an_index_that_cannot_be_opened_ends_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    for address in (f"sqlite:///{tmp_path}/none.db", "ftp://example.org"):
        assert svodka(*command, "--index", address) == 3
        captured = capsys.readouterr()
        assert captured.err.startswith("svodka: index ")
        assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


def test_stats(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("index", "stats", "--json") == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["articles"], counts["sites"], counts["pending"]) == (3, 3, 3)
    assert svodka("index", "stats") == 0
    assert "articles              3\n" in capsys.readouterr().out


def test_reconcile_links_what_is_pending(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("index", "reconcile", "--limit", "1") == 0
    assert capsys.readouterr().out.endswith("2 left to link\n")
    assert svodka("index", "reconcile") == 0
    assert capsys.readouterr().out.startswith("2 articles linked, ")
    assert svodka("index", "reconcile") == 0
    assert capsys.readouterr().out.startswith("0 articles linked, ")
    assert svodka("index", "check") == 0


def test_check_counts_and_lists_faults(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("index", "check") == 0
    assert capsys.readouterr().out.endswith("\nno faults\n")
    with SqliteBackend.open(index) as backend:
        backend.connection.execute("DELETE FROM body WHERE n = 1")
    assert svodka("index", "check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("! ")]
    assert lines[-1].startswith(str(sum(line.startswith("! ") for line in lines)))


@pytest.mark.parametrize(
    "command", [["search"], ["index"], ["index", "check"], ["index", "stats"], ["index", "reconcile"]]
)
def test_help_has_an_example(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert svodka(*command, "--help") == 0
    assert f"svodka {' '.join(command[:2])}" in capsys.readouterr().out.split("example", 1)[1]
