from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.log import JsonFormatter, SharedFileHandler
from tests.desk import Desk, article, feed

WRITER = """
import logging, sys
from pathlib import Path
from crawler.log import SharedFileHandler
handler = SharedFileHandler(Path(sys.argv[1]), max_bytes=2_000, kept=999)
for number in range(300):
    handler.emit(logging.makeLogRecord({"msg": f"{sys.argv[2]} {number} " + "x" * 60}))
"""


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[SharedFileHandler]:
    handler = SharedFileHandler(tmp_path / "crawl.log", max_bytes=100, kept=2)
    yield handler
    handler.close()


def say(handler: SharedFileHandler, text: str) -> None:
    handler.emit(logging.makeLogRecord({"msg": text}))


def test_a_file_that_is_full_is_moved_on(handler: SharedFileHandler, tmp_path: Path) -> None:
    for number in range(7):
        say(handler, f"{number}" * 49)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["crawl.log", "crawl.log.1", "crawl.log.2", "crawl.log.lock"]
    assert [(tmp_path / name).read_text()[0] for name in names[:3]] == ["6", "4", "2"]


def test_one_line_that_is_too_long_is_written_all_the_same(handler: SharedFileHandler) -> None:
    say(handler, "я" * 500)
    say(handler, "b")
    assert handler.path.read_text() == "b\n"
    assert handler._numbered(1).read_text() == "я" * 500 + "\n"


def test_a_file_that_was_moved_away_is_left_alone(handler: SharedFileHandler, tmp_path: Path) -> None:
    """As logrotate does it: the next line goes to a new file."""
    say(handler, "one")
    handler.path.rename(tmp_path / "away")
    say(handler, "two")
    assert ((tmp_path / "away").read_text(), handler.path.read_text()) == ("one\n", "two\n")
    handler.path.unlink()
    say(handler, "three")
    assert handler.path.read_text() == "three\n"


def test_a_folder_that_is_gone_harms_no_other_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A number of a closed file would belong to whatever is opened next."""
    folder = tmp_path / "log"
    folder.mkdir()
    handler = SharedFileHandler(folder / "crawl.log")
    say(handler, "one")
    shutil.rmtree(folder)
    say(handler, "two")
    others = [os.open(tmp_path / f"{number}", os.O_RDWR | os.O_CREAT) for number in range(9)]
    say(handler, "three")
    for other in others:
        os.fstat(other)
        os.close(other)
    assert capfd.readouterr().err == f"! log {handler.path}: No such file or directory; lines are missing\n"
    folder.mkdir()
    say(handler, "four")
    assert handler.path.read_text() == "four\n"
    shutil.rmtree(folder)
    say(handler, "five")
    assert "lines are missing" in capfd.readouterr().err, "it was well in between"
    handler.close()


FULL = """
import logging, sys
from pathlib import Path
from crawler.log import SharedFileHandler
handler = SharedFileHandler(Path(sys.argv[1]))
for number in range(5):
    handler.emit(logging.makeLogRecord({"msg": "x" * 60}))
"""


def test_a_full_disk_is_told_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, "/dev/full"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert done.stderr == "! log /dev/full: No space left on device; lines are missing\n"


def test_no_line_of_several_processes_is_lost_or_cut(tmp_path: Path) -> None:
    path = tmp_path / "crawl.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    lines = [line for file in tmp_path.glob("crawl.log*") for line in file.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name} {number} " + "x" * 60 for name in "abc" for number in range(300))


def test_json_lines() -> None:
    record = logging.makeLogRecord(
        {"msg": "%s: нет\nответа", "args": ("ria.ru",), "name": "crawler.x", "levelname": "ERROR"}
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    data = json.loads(line)
    assert (data["level"], data["site"], data["logger"], data["message"]) == (
        "ERROR", None, "crawler.x", "ria.ru: нет\nответа",
    )  # fmt: skip
    assert data["time"].endswith("+00:00")


@pytest.fixture
def sound(desk: Desk) -> Desk:
    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    return desk


def test_a_quiet_crawl_that_went_well_prints_nothing(sound: Desk) -> None:
    sound.environment = {}
    done = crawl(sound, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    sound.site("b.example")
    done = crawl(sound, "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("! b.example: feed http://b.example/rss: ")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_file_has_the_run(sound: Desk, tmp_path: Path, form: str) -> None:
    path = tmp_path / "crawl.log"
    for _ in range(2):
        assert crawl(sound, "--log-file", str(path), "--log-format", form).returncode == 0
    lines = path.read_text().splitlines()
    assert sum("a.example: 1 links" in line for line in lines) >= 1
    if form == "json":
        assert {"time", "level", "site", "logger", "message"} == json.loads(lines[0]).keys()
        assert "a.example" in {json.loads(line)["site"] for line in lines}


@pytest.mark.parametrize("form", ["text", "json"])
def test_problems_of_a_scheduled_crawl_have_their_time(sound: Desk, form: str) -> None:
    sound.site("b.example")
    done = crawl(sound, "--due", "--log-format", form)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    if form == "text":
        assert re.match(r"\d{4}-\d\d-\d\d [\d:]{8} \[svodka\] ERROR: b\.example: feed http://b", line)
    else:
        entry = json.loads(line)
        assert (entry["level"], entry["site"], entry["logger"]) == ("ERROR", "b.example", "svodka")
        assert entry["message"].startswith("feed http://b.example/rss: ")


def test_a_log_that_cannot_be_written_is_told_before_anything_is_fetched(sound: Desk, tmp_path: Path) -> None:
    done = crawl(sound, "--log-file", str(tmp_path))
    assert done.returncode == 2
    assert "--log-file" in done.stderr


def crawl(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A crawl as a person starts it, without --json."""
    from crawler.demo.server import SampleSites

    with SampleSites.from_pages(desk.web) as server:
        done = desk.run("crawl", *arguments, proxy=server.address)
    return subprocess.CompletedProcess([], done.code, done.out, done.err)
