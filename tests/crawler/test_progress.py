from __future__ import annotations

import os
import pty
import subprocess
import sys

from crawler.demo.server import SampleSites
from tests.desk import NOON, Desk, article, feed


def test_a_terminal_gets_a_progress_bar_that_counts_the_links(desk: Desk) -> None:
    paths = [f"/{number}" for number in range(5)]
    desk.site(delay=0.3)
    desk.web = {f"http://a.example{path}": article(f"Новость {path}") for path in paths}
    desk.web["http://a.example/rss"] = feed(*paths)
    ours, theirs = pty.openpty()
    with SampleSites.from_pages(desk.web) as server:
        environment = os.environ | {
            "http_proxy": server.address, "no_proxy": "", "SVODKA_SITES": f"{desk.folder}/sites",
            "SVODKA_INDEX": desk.index, "SVODKA_NOW": NOON, "TERM": "xterm", "COLUMNS": "80",
        }  # fmt: skip
        command = [sys.executable, "-m", "crawler.cli", "crawl"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:  # Linux tells the end of a terminal so
            pass
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"links" in shown
    assert b"/5" in shown
    assert b"a.example" in out
