"""The pictures of the search page in docs/img, taken of the demo in Chromium: `make pictures`.

A new picture is a line in `PICTURES`. The clock stands, so the same code makes the same picture.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.demo.show import DEFAULT_INDEX
from crawler.status.health import examiner
from index.engine import look_at_index
from index.web.hosts import Hosts
from index.web.options import Limits, Options
from index.web.server import served
from tests.browser.chromium import INSTALL, chromium, find_chromium
from tests.browser.visitor import Scheme, Visitor, visitor
from tests.crawler.demo.expected import DEMO

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)  # ten minutes after the demo's last run
DESK, PHONE = (1120, 720), (390, 844)
LARGEST = 150_000  # bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what is shown, and to whom."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    locale: str = "en"
    scheme: Scheme = "light"
    unfold: str = ""  # a summary that is clicked first
    follow: Sequence[str] = ()  # links that are clicked first, by CSS: ids are not the same in every demo


PICTURES: Sequence[Picture] = (
    Picture("web-search", "/?q=мост+OR+порт", locale="ru"),
    Picture("web-dark", "/?sort=copies&q=lang:en", scheme="dark", unfold=".copies summary"),
    Picture("web-phone", "/?q=bridge+OR+train", PHONE),
    Picture("web-fault", "/?q=мост+sourse:ria.ru", (1120, 600)),
    Picture("web-nothing", "/?q=мост+site:svodnaya.example+after:2026-11-18", (1120, 500), locale="ru"),
    Picture("web-story", "/?q=title:озера", (1120, 740), follow=("a.to-story",)),
    Picture("web-article", "/?q=title:ледяного", (960, 600), follow=(".hit h2 a",)),
    Picture(
        "web-compare", "/?q=title:ледяного", (960, 600), follow=(".hit h2 a", ".facts a[href*=versions]")
    ),
    Picture("web-overview", "/overview", (1000, 800)),
    Picture("web-health", "/health", (1000, 800)),
)


def take(browser: Browser, base: str, picture: Picture) -> bytes:
    """The picture as PNG; raises `AssertionError` when the page is at fault."""
    reader = visitor(browser, base, size=picture.size, scheme=picture.scheme, locale=picture.locale)
    reader.open(picture.path)
    if picture.unfold:
        _unfold(reader, picture.unfold)
    for link in picture.follow:
        reader.open(str(reader.page.locator(link).first.get_attribute("href")))
    taken = reader.page.screenshot(animations="disabled", caret="hide")
    wrong = reader.rest()
    reader.close()
    assert not wrong, (picture.name, wrong)
    assert len(taken) <= LARGEST, f"{picture.name} has {len(taken):,} bytes: make it smaller"
    return taken


def _unfold(reader: Visitor, css: str) -> None:
    reader.page.locator(css).first.click()
    reader.page.wait_for_load_state("networkidle")


@contextmanager
def demo() -> Iterator[str]:
    """The address of a server over a new demo."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # its address is on a picture
        address = DEFAULT_INDEX
        command = [sys.executable, "-m", "crawler.cli", "demo", "--index", address]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        options = Options(
            lambda: look_at_index(address),
            lambda: NOW,
            ZoneInfo("UTC"),
            Hosts(),
            Limits(rate=1e6, burst=1_000),
            examine=examiner(address, DEMO / "sites"),
        )
        with served(options) as base:
            yield base


def main(arguments: Sequence[str]) -> int:
    """Write all pictures into a folder, or those that are named after it."""
    named, *names = arguments or ["docs/img"]
    folder = Path(named).absolute()
    path = find_chromium()
    if path is None:
        print(f"no Chromium: {INSTALL}", file=sys.stderr)
        return 2
    with demo() as base, chromium(path) as browser:
        for each in PICTURES:
            if not names or each.name in names:
                taken = take(browser, base, each)
                (folder / f"{each.name}.png").write_bytes(taken)
                print(f"{named}/{each.name}.png  {len(taken):,} bytes")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
