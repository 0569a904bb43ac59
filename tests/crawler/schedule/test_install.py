"""`svodka schedule install` and `remove`, as real commands on the real crontab, which is restored."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from crawler.schedule.crontab import BEGIN, END
from crawler.schedule.user_crontab import read_crontab, write_crontab
from tests.desk import Desk, Done

pytestmark = pytest.mark.xdist_group("crontab")  # there is one; the others would only wait

OTHERS = "MAILTO=desk@example.org\n0 3 * * * backup --all # 50\\%\n"


@pytest.fixture
def scheduled(desk: Desk) -> Desk:
    desk.site("a.example", schedule="@hourly")
    desk.site("b.example", schedule="30 2 * * *", time_zone="Europe/Berlin")
    return desk


def run(desk: Desk, *arguments: str, folder: str = "desk", **environment: str) -> Done:
    """`svodka schedule`, in a folder of the desk's."""
    where = desk.folder / folder
    where.mkdir(exist_ok=True)
    svodka = Path(os.sys.executable).parent / "svodka"  # type: ignore[attr-defined]  # os.sys is there
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"SVODKA_SITES": f"{desk.folder}/sites", "SVODKA_INDEX": desk.index, **environment}
    done = subprocess.run(
        [svodka, "schedule", *arguments],
        env=clean | settings,
        cwd=where,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.usefixtures("own_crontab")
@pytest.mark.parametrize("before", ["", OTHERS])
def test_install_twice_and_remove(scheduled: Desk, before: str) -> None:
    write_crontab(before) if before else None
    first = run(scheduled, "install")
    assert (first.code, first.err) == (0, "")
    installed = read_crontab()
    assert installed.startswith(before + BEGIN + "\n")
    assert installed.endswith(END + "\n")
    assert installed.count("crawl --due") == 1
    assert "*/5 * * * * cd " in installed
    assert (scheduled.folder / "desk/var/log").is_dir()
    second = run(scheduled, "install")
    assert (second.code, second.out) == (0, "the crontab is already so\n")
    assert read_crontab() == installed
    removed = run(scheduled, "remove")
    assert (removed.code, read_crontab()) == (0, before)
    again = run(scheduled, "remove")
    assert (again.code, again.out) == (0, "the crontab has no block of Svodka's\n")


@pytest.mark.usefixtures("own_crontab")
def test_a_change_replaces_the_block_in_its_place(scheduled: Desk) -> None:
    run(scheduled, "install")
    write_crontab(read_crontab() + OTHERS)
    changed = run(scheduled, "install", "--every", "1")
    assert "changed in the crontab" in changed.out
    assert read_crontab().startswith(BEGIN)
    assert read_crontab().endswith(END + "\n" + OTHERS)
    assert "\n* * * * * cd " in read_crontab()


@pytest.mark.usefixtures("own_crontab")
def test_dry_run_shows_the_block_and_changes_nothing(scheduled: Desk) -> None:
    write_crontab(OTHERS)
    shown = run(scheduled, "install", "--dry-run")
    assert shown.out.startswith(BEGIN)
    assert read_crontab() == OTHERS
    assert not (scheduled.folder / "desk/var").exists()
    run(scheduled, "install")
    assert run(scheduled, "remove", "--dry-run").out == shown.out
    assert shown.out in read_crontab()


@pytest.mark.usefixtures("own_crontab")
def test_the_crawl_of_another_folder_is_not_replaced(scheduled: Desk) -> None:
    run(scheduled, "install")
    before = read_crontab()
    refused = run(scheduled, "install", folder="second")
    assert refused.code == 2
    assert f"{scheduled.folder}/desk: remove it first" in refused.err
    assert read_crontab() == before


@pytest.mark.usefixtures("own_crontab")
@pytest.mark.parametrize("damage", [f"{BEGIN}\n* * * * * x\n", f"# {END}\n{END}\n"])
def test_damaged_markers_change_nothing(scheduled: Desk, damage: str) -> None:
    write_crontab(OTHERS + damage)
    for action in ("install", "remove"):
        refused = run(scheduled, action)
        assert refused.code == 2
        assert "crontab -e" in refused.err
    assert read_crontab() == OTHERS + damage


@pytest.mark.usefixtures("own_crontab")
def test_a_line_for_each_site_is_accepted_by_cron_and_warns_of_summer_time(scheduled: Desk) -> None:
    done = run(
        scheduled,
        "install",
        "--per-site",
        "--log-dir",
        f"{scheduled.folder}/logs",
        SVODKA_NOW="2026-11-23T12:00Z",
    )
    assert done.code == 0
    lines = [line for line in read_crontab().splitlines() if "svodka crawl" in line]
    assert [line.partition(" && ")[2].split(" >> ")[0].rpartition(" ")[2] for line in lines] == [
        "a.example",
        "b.example",
    ]
    assert f">> {scheduled.folder}/logs/svodka-crawl-b.example.log 2>&1" in lines[1]
    assert "! b.example: the line is right until clocks change on 2027-03-28" in done.err
    assert "SVODKA_NOW" not in read_crontab()


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        (["--every", "7"], {}, "does not divide an hour"),
        (["--output", "x"], {}, "--format systemd"),
        (["--format", "systemd", "--per-site"], {}, "--per-site is for a crontab"),
        (["--index", "https://user:pw@es:9200"], {}, "holds credentials"),
        ([], {"SVODKA_ELASTICSEARCH_API_KEY": "c2VjcmV0"}, "a crontab is no place for a secret"),
        (["--sites", "/nowhere"], {}, "/nowhere is no folder"),
    ],
)
def test_what_is_refused_before_the_crontab_is_touched(
    scheduled: Desk, arguments: list[str], environment: dict[str, str], reason: str
) -> None:
    done = run(scheduled, "install", "--dry-run", *arguments, **environment)
    assert (done.code, done.out) == (2, "")
    assert reason in done.err


def test_systemd_units_are_written_with_what_to_do_next(scheduled: Desk) -> None:
    output = scheduled.folder / "units"
    done = run(scheduled, "install", "--format", "systemd", "--output", str(output))
    assert done.code == 0
    assert f"wrote {output}/svodka-crawl.timer" in done.out
    assert "sudo systemctl daemon-reload" in done.out
    assert f"WorkingDirectory={scheduled.folder}/desk" in (output / "svodka-crawl.service").read_text()
    assert "already so" in run(scheduled, "install", "--format", "systemd", "--output", str(output)).out


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ((), "crawl --due --log-format json >> "),
        (("--per-site",), "crawl --due --log-format json a.example >> "),
        (("--format", "systemd"), "crawl --due --log-format json\n"),
    ],
)
def test_logs_as_json_are_asked_for_at_the_install(
    scheduled: Desk, options: tuple[str, ...], command: str
) -> None:
    shown = run(scheduled, "install", "--dry-run", "--log-format", "json", *options)
    assert command in shown.out
    assert "--log-format" not in run(scheduled, "install", "--dry-run", *options).out


@pytest.mark.parametrize(
    ("schedules", "every"),
    [
        (["* * * * *"], "*"),
        (["*/2 * * * *", "@daily"], "*/2"),
        (["*/7 * * * *"], "*"),
        (["@daily"], "*/5"),
        (["7-59/10 * * * *", "*/15 * * * *"], "*"),
        (["5-59/10 * * * *", "*/15 * * * *"], "*/5"),
        (["33 2 * * *", "@hourly"], "*/5"),
    ],
)
def test_every_minute_that_a_site_wants_is_looked_at(desk: Desk, schedules: list[str], every: str) -> None:
    for number, schedule in enumerate(schedules):
        desk.site(f"s{number}.example", schedule=schedule)
    assert f"\n{every} * * * * cd " in run(desk, "install", "--dry-run").out
