"""`svodka serve` knows how the crawl is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.exit_codes import USAGE
from tests.desk import NOON, Desk, article, feed
from tests.index.web.browser import Browser


def test_it_shows_the_states_of_the_sites_that_are_crawled(desk: Desk) -> None:
    for name in ("a.example", "b.example"):
        desk.site(name)
    desk.web["http://a.example/rss"] = feed("/1")
    desk.web["http://a.example/1"] = article()
    desk.crawl()
    command = [sys.executable, "-m", "crawler.cli", "serve", "--port", "0", "--index", desk.index]
    environment = os.environ | {"SVODKA_NOW": NOON, "SVODKA_SITES": f"{desk.folder}/sites"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            line = re.search(r"(http://\S+)/ ", process.stdout.readline())
            assert line
            browser = Browser(line[1])
            page = browser.get("/health")
            assert page.texts(".site-line h3") == ["b.example failing", "a.example ok"]
            assert browser.get("/health.json").json == desk.run("status", "--json").report
        finally:
            process.kill()


def test_a_folder_that_is_named_has_to_be_there(desk: Desk, tmp_path: Path) -> None:
    desk.open().close()
    done = desk.run("serve", "--port", "0", "--sites", str(tmp_path / "none"))
    assert (done.code, done.out) == (USAGE, "")
    assert done.err.startswith("svodka serve: ")
    assert "--sites names the folder that holds the site files" in done.err


def test_help_names_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    from crawler.cli import main

    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert "--sites DIR" in capsys.readouterr().out
