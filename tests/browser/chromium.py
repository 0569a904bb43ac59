"""The Chromium of this machine, driven by Playwright: found and started, or a word on how to have it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A browser that the system keeps current; the ones that Playwright would download are left alone.
NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome-stable", "google-chrome")
INSTALL = "install it: apt-get install --no-install-recommends chromium fonts-dejavu-core"


def find_chromium() -> str | None:
    """The path of the first browser that is there; None for none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A running browser without windows, ended with the block.

    Root cannot have Chromium's sandbox. While the block lasts, this thread counts as one that runs an asyncio loop.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        try:
            yield browser
        finally:
            browser.close()
