"""`svodka stories` and `svodka sources`, as they are run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import main
from index.article import Article
from index.sqlite.backend import SqliteBackend
from tests.index.contract.stories import fold_into_one_story
from tests.index.stories.labelled import marked
from tests.make import NOON, make_article, make_source

HOUR = timedelta(hours=1)
HOSTILE = (
    "[bold red]Мост[/] \x1b[31m\x1b]0;title\x07 :bridge: \u202eоткрыт [link=http://x.example]здесь[/link]"
)
RIA, TASS = make_source("ria.ru", "РИА Новости"), make_source("tass.ru", "ТАСС", foreign=True)


def article(site: str, hours: float, **changes: Any) -> Article:
    return make_article(site=site, published_at=NOON + hours * HOUR, **changes)


BRIDGE = [
    article("ria.ru", 0, title="Мост открыт", source=RIA, url="https://ria.ru/bridge"),
    article("lenta.ru", 1, source=make_source("ria.ru", "РИА Новости", foreign=True)),
    article("gazeta.ru", 26),
    article("vesti.example", 3),
    article("kp.example", 4),
]
BALLET = [article("lenta.ru", 2, title="Балет в Перми", source=TASS), article("gazeta.ru", 3, source=TASS)]
ALONE = article("ria.ru", 5, title="Никто не перепечатал", source=RIA)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A story of five articles, one of two whose original was never crawled, one article alone; thirty hours later."""
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put([*BRIDGE, *BALLET, ALONE])
        fold_into_one_story(backend, *BRIDGE)
        fold_into_one_story(backend, *BALLET)
        fold_into_one_story(backend, ALONE)
    monkeypatch.setenv("SVODKA_INDEX", f"sqlite:///{path}")
    monkeypatch.setenv("SVODKA_NOW", (NOON + 30 * HOUR).isoformat())
    monkeypatch.setenv("NO_COLOR", "")
    return path


def svodka(*arguments: str) -> int:
    """Run a command; argparse's own exits become codes too."""
    try:
        return main(arguments)
    except SystemExit as end:
        return int(str(end.code))


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert svodka(*arguments, "--json") == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def titles(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return [story["title"] for story in answered(capsys, "stories", *arguments)["stories"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["Мост открыт"]),  # in the last 24 hours there is no original, and the last copy of this one
        (["--top"], ["Мост открыт"]),
        (["--top", "--since", "24h"], ["Мост открыт"]),
        (["--since", "4h"], ["Мост открыт"]),
        (["--since", "239m"], []),
        (["--since", "30h"], ["Мост открыт", "Балет в Перми"]),
        (["--since", "28h"], ["Мост открыт", "Балет в Перми"]),
        (["--since", "1619m"], ["Мост открыт"]),
        (["--since", "2d", "--top", "1"], ["Мост открыт"]),
        (["--since", "2w", "--site", "lenta.ru"], ["Балет в Перми"]),
        (["--since", "2w", "--site", "LENTA.ru"], ["Балет в Перми"]),
        (["--since", "2026-01-18", "--until", "2026-01-18T14:00"], ["Мост открыт"]),
        (["--since", "2026-01-18", "--until", "2026-01-18T14:00", "--zone", "Europe/Moscow"], []),
        (["--since", "2026-01-18", "--until", "29h"], ["Мост открыт"]),
        (["--since", "2d", "--site", "kp.example"], []),
        (["--since", "2d", "--until", "30h"], []),  # before this the bridge was not open
    ],
)
def test_stories_of_a_time(
    index: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: list[str]
) -> None:
    if "Europe/Moscow" in arguments:  # 14:00 there is before the bridge was opened
        arguments = [*arguments[:3], "2026-01-18T15:00", *arguments[4:]]
    assert titles(capsys, *arguments) == expected


def test_a_story_says_how_it_spread(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "stories", "--since", "2d", "--top", "1")
    (story,) = answer.pop("stories")
    assert answer == {"since": "2026-01-17T18:00:00Z", "until": None, "site": None, "total": 2, "one_site": 0}
    assert story == {
        "story_id": min(each.id for each in BRIDGE),
        "copies": 4,
        "copies_without_date": 0,
        "copies_of_this_time": 4,
        "outlets": ["ria.ru", "gazeta.ru", "kp.example", "lenta.ru", "vesti.example"],
        "first_copy": published(BRIDGE[1]),
        "last_copy": published(BRIDGE[2]),
        "title": "Мост открыт",
        "source": {"name": "РИА Новости", "domain": "ria.ru"},
        **published(BRIDGE[0]),
    }


def published(each: Article) -> dict[str, str]:
    at = each.published_at.isoformat().replace("+00:00", "Z")
    return {"site": each.site, "published_at": at, "published_precision": "second", "url": each.url}


def test_stories_for_readers(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("stories", "--since", "2d", "--zone", "Europe/Moscow", "--top", "1") == 0
    assert capsys.readouterr().out.splitlines() == [
        "copies  sites  story",
        "     4      5  Мост открыт",
        "               РИА Новости · ria.ru · 18 Jan 2026 15:00 MSK",
        "               also on gazeta.ru, kp.example, lenta.ru and 1 more",
        "               first copy 18 Jan 2026 16:00 MSK, last 19 Jan 2026 17:00 MSK",
        "               https://ria.ru/bridge",
        f"               story {min(each.id for each in BRIDGE)}",
        "",
        "The first of 2 stories with copies published or copied since 17 Jan 2026 21:00 MSK",
    ]


@pytest.mark.parametrize(
    ("precisions", "line"),
    [
        (["day"], "copy 18 Jan 2026"),
        (["unknown"], "1 copy, without a date"),
        (["unknown", "unknown"], "2 copies, all without a date"),
        (["unknown", "minute"], "copy 18 Jan 2026 14:00 UTC, 1 without a date"),
        (["second", "unknown", "day"], "first copy 18 Jan 2026 13:00 UTC, last 18 Jan 2026, 1 without a date"),
        (["unknown", "second", "second", "unknown"], "first copy 18 Jan 2026 14:00 UTC, last 18 Jan 2026 15:00 UTC, 2 without a date"),
    ],
)  # fmt: skip
def test_copies_without_a_date_are_counted_not_timed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], precisions: list[str], line: str
) -> None:
    path = tmp_path / "svodka.db"
    copies = [
        article(
            f"s{n}.example", n, published_precision=precision, source=marked(f"s{n}.example", "ria.ru", "x")
        )
        for n, precision in enumerate(precisions, 1)
    ]
    with SqliteBackend.open(path) as backend:
        backend.put([BRIDGE[0], *copies])
        fold_into_one_story(backend, BRIDGE[0], *copies)
    address = ["--index", f"sqlite:///{path}", "--since", "2026-01-18"]
    assert svodka("stories", *address) == 0
    assert line in " ".join(capsys.readouterr().out.split())
    (story,) = answered(capsys, "stories", *address)["stories"]
    dated = [each for each in copies if each.published_precision != "unknown"]
    assert (story["copies"], story["copies_without_date"]) == (len(copies), len(copies) - len(dated))
    ends = [story["first_copy"], story["last_copy"]]
    assert (
        [end and end["url"] for end in ends] == [each.url for each in (dated[0], dated[-1])]
        if dated
        else [None] * 2
    )


def test_sources_for_readers_and_programs(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "sources", "--top", "3")
    assert (answer["since"], answer["until"], answer["total"]) == ("2025-12-20T18:00:00Z", None, 6)
    of_ria = {"source": {"name": "РИА Новости", "domain": "ria.ru"}, "copies": 1}
    of_tass = {"source": {"name": "ТАСС", "domain": "tass.ru"}, "copies": 1}
    assert answer["sources"] == [
        {"outlet": "gazeta.ru", **of_ria},
        {"outlet": "gazeta.ru", **of_tass},
        {"outlet": "kp.example", **of_ria},
    ]
    assert svodka("sources", "--since", "28h", "--top", "2") == 0
    assert capsys.readouterr().out.splitlines() == [
        "copies  by         of           at",
        "     1  gazeta.ru  РИА Новости  ria.ru",
        "     1  gazeta.ru  ТАСС         tass.ru",
        "",
        "The first 2 of 5 pairs of an outlet and a source, published since 18 Jan 2026 14:00 UTC",
    ]


def test_nothing_found_says_so_and_what_to_do(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("stories", "--site", "kp.example") == 0
    assert capsys.readouterr().out.splitlines() == [
        "No story published or copied since 18 Jan 2026 18:00 UTC, on kp.example was republished.",
        "Try:",
        "  - a longer time: --since 7d",
        "  - no --site: it is the site of the original, not of its copies",
        "  - svodka crawl, to fetch what is new",
    ]
    with SqliteBackend.open(index) as backend:
        backend.put([article("ria.ru", 29, title="Ждёт")])
    assert svodka("stories", "--since", "1h") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "No story published or copied since 19 Jan 2026 17:00 UTC was republished."
    assert any(
        line.startswith("  - svodka index reconcile, to find the copies among 1 article that waits")
        for line in lines
    )
    assert svodka("sources", "--since", "1h") == 0
    assert capsys.readouterr().out.startswith(
        "No article published since 19 Jan 2026 17:00 UTC is another house's"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["stories", "--since", "yesterday"], "svodka stories: --since 'yesterday' is no date (its form is unknown)"),
        (["stories", "--since", "2026-02-30"], "is no date ("),
        (["stories", "--since", "999999w"], "is no date (it lies outside the years"),
        (["stories", "--until", "25h"], "svodka stories: --until 25h is not after the beginning, 24h back from now: give --since"),
        (["stories", "--since", "2d", "--until", "3d"], "svodka stories: --until 3d is not after --since 2d"),
        (["stories", "--since", "9999999999d"], "is no date (it lies outside the years"),
        (["stories", "--site", " "], "the name of a site is missing"),
        (["stories", "--site", "nosuch.example"], "svodka stories: --site: no article of a site 'nosuch.example' is stored"),
        (["stories", "--site", "https://www.lenta.ru/"], "did you mean lenta.ru?"),
        (["stories", "--site", "ria.ru,tass.ru"], "did you mean ria.ru?"),
        (["sources", "--site", "lnta.ru"], "svodka sources: --site: no article of a site 'lnta.ru' is stored; did you mean lenta.ru?"),
        (["sources", "--since", "2026-01-18", "--until", "2026-01-18"], "is not after"),
        (["stories", "--until", ""], "--until '' is no date"),
        (["stories", "--top", "0"], "no whole number from 1 up"),
        (["stories", "--top", "1001"], "1001 is more than 1,000"),
        (["sources", "--since", "7x"], "svodka sources: --since '7x' is no date"),
        (["sources", "--top", "x"], "no whole number from 1 up"),
        (["sources", "--zone", "Mars"], "no time zone"),
    ],
)  # fmt: skip
def test_wrong_options_end_with_2(
    index: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert svodka(*arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("command", ["stories", "sources"])
def test_an_index_that_cannot_be_opened_ends_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert svodka(command, "--index", f"sqlite:///{tmp_path}/none.db") == 3
    assert capsys.readouterr().err.startswith("svodka: index ")


@pytest.mark.parametrize("command", ["stories", "sources"])
def test_help_has_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert svodka(command, "--help") == 0
    assert f"svodka {command} --since" in capsys.readouterr().out.split("examples:", 1)[1]


@pytest.mark.parametrize("styled", [False, True])
def test_what_a_page_says_steers_no_terminal(
    index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], styled: bool
) -> None:
    url = "https://x.example/\x1b[2J[red]?q=1"
    source = make_source("\x1b[5m[blink]x.example", "[u]ИТАР\x07[/u]", foreign=True)
    hostile = [article("x.example", 10, title=HOSTILE, url=url), article("[i]y\x9b31m", 11, source=source)]
    with SqliteBackend.open(index) as backend:
        backend.put([*hostile, article("z.example", 12, source=source)])
        fold_into_one_story(backend, *hostile)
    if styled:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
    for command in ("stories", "sources"):
        assert svodka(command, "--since", "21h") == 0
        text = capsys.readouterr().out
        plain = text
        for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[22m", "\x1b[1;2m"):  # bold and dim, ours
            plain = plain.replace(code, "")
        assert (plain != text) is styled
        assert all(each.isprintable() or each == "\n" for each in plain)
        assert "\u202e" not in plain
        expected = "[bold red]Мост[/]" if command == "stories" else "[u]ИТАР"
        assert expected in plain
    assert ":bridge:" in HOSTILE


def test_a_narrow_terminal_loses_nothing(
    index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    for command in ("stories", "sources"):
        tables = []
        for columns in (40, 120):
            monkeypatch.setenv("COLUMNS", str(columns))
            assert svodka(command, "--since", "2d") == 0
            tables.append(capsys.readouterr().out.rsplit("\n\n", 1)[0])
        narrow, wide = tables
        # Addresses and ids stay whole, to be copied.
        assert (
            max(len(line) for line in narrow.splitlines() if not line.lstrip().startswith(("http", "story ")))
            <= 40
        )
        assert sorted("".join(narrow.split())) == sorted("".join(wide.split()))


def test_an_address_is_never_cut(
    index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://x.example/" + "long-" * 40
    pair = [article("x.example", 20, url=url), article("y.example", 21)]
    with SqliteBackend.open(index) as backend:
        backend.put(pair)
        fold_into_one_story(backend, *pair)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    assert svodka("stories", "--since", "11h") == 0
    assert url in [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_several_addresses_on_one_site_are_no_republication(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = [article("a.example", 20, url=f"https://a.example/{n}", title="Четыре адреса") for n in range(6)]
    with SqliteBackend.open(index) as backend:
        backend.put(own)
        fold_into_one_story(backend, *own)
    answer = answered(capsys, "stories", "--since", "2d", "--top", "1")
    assert [story["title"] for story in answer["stories"]] == ["Мост открыт"]
    assert (answer["total"], answer["one_site"]) == (3, 1)
    assert svodka("stories", "--since", "2d") == 0
    last = " ".join(capsys.readouterr().out.rsplit("\n\n", 1)[1].split())
    assert last == (
        "2 republished stories published or copied since 17 Jan 2026 18:00 UTC; "
        "1 story left out whose copies are all on the site of the original"
    )


def test_an_older_story_that_is_still_copied_says_how_many_copies_are_of_the_time(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (story,) = answered(capsys, "stories", "--since", "5h")["stories"]
    assert (story["copies"], story["copies_of_this_time"]) == (4, 1)
    assert svodka("stories", "--since", "5h") == 0
    assert "1 in the time asked for" in " ".join(capsys.readouterr().out.split())


def test_two_times_of_sources_can_be_compared(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    early = answered(capsys, "sources", "--until", "2026-01-18T15:00")["sources"]
    late = answered(capsys, "sources", "--since", "2026-01-18T15:00")["sources"]
    whole = answered(capsys, "sources")["sources"]
    assert sum(each["copies"] for each in [*early, *late]) == sum(each["copies"] for each in whole) == 6
    assert {each["outlet"] for each in early} == {"lenta.ru"}
    assert {each["outlet"] for each in answered(capsys, "sources", "--site", "GAZETA.ru")["sources"]} == {
        "gazeta.ru"
    }


def test_an_empty_index_says_that_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    SqliteBackend.open(tmp_path / "empty.db").close()
    for command in ("stories", "sources"):
        assert svodka(command, "--index", f"sqlite:///{tmp_path}/empty.db") == 0
        assert capsys.readouterr().out == "The index is empty: run svodka crawl first.\n"


@pytest.mark.parametrize(
    ("since", "longer"), [("1h", "7d"), ("7d", "30d"), ("30d", "90d"), ("1000d", ""), ("2026-01-19", "7d")]
)
def test_the_longer_time_that_is_offered_is_longer(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    since: str,
    longer: str,
) -> None:
    monkeypatch.setenv("SVODKA_NOW", (NOON + 30 * HOUR).isoformat())
    with SqliteBackend.open(tmp_path / "one.db") as backend:
        backend.put([article("ria.ru", 29)])
    for command in ("stories", "sources"):
        assert svodka(command, "--since", since, "--index", f"sqlite:///{tmp_path}/one.db") == 0
        offered = [line for line in capsys.readouterr().out.splitlines() if "a longer time" in line]
        assert offered == ([f"  - a longer time: --since {longer}"] if longer else [])


def test_as_a_reader_runs_it(index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "stories", "--since", "2d"],
        capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert b"https://ria.ru/bridge" in done.stdout
