"""Someone who looks at pages in a browser, and notes whatever a page must never do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Locator,
        Page,
        Request,
        Route,
        WebError,
    )

Scheme = Literal["light", "dark"]
DESKTOP, PHONE = (1200, 800), (360, 740)
PATIENCE = 10_000  # milliseconds until something that does not happen is a failure
# An attack that succeeds has to be seen even if it opens no dialog.
FLAG = "Object.defineProperty(window, 'ran', { set() { console.error('a script of an article ran'); } });"
# `wait_for_function` would do, but for our policy, which forbids the `eval` that it needs.
_OPEN = """async (patience) => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  for (const end = performance.now() + patience; document.querySelector(".copies[open]:not(:has(li))");) {
    if (performance.now() > end) throw Error("copies are not fetched");
    await new Promise((done) => setTimeout(done, 10));
  }
}"""
_REFUSED = "Failed to load resource: the server responded with a status of"


@dataclass
class Visitor:
    """One page in a context of its own. `wrong` is what went wrong so far; whoever makes a visitor checks it."""

    context: BrowserContext
    base: str
    scheme: Scheme
    size: tuple[int, int]
    wrong: list[str] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)
    _documents: set[str] = field(default_factory=set)
    _changed: bool = False  # the look of the page, since the last rest

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(FLAG)
        self.context.on("request", self._asked)
        # No pattern for our own pages: each request would wait for this process.
        self.context.route(re.compile(f"^(?!{re.escape(self.base)}/)"), self._elsewhere)
        self.context.on("console", self._said)
        self.context.on("dialog", self._dialog)
        self.context.on("weberror", self._raised)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> int:
        """Go to a path of the server; the status of its answer."""
        answer = self.page.goto(urljoin(self.base, path))
        assert answer is not None
        return answer.status

    def search(self, text: str) -> None:
        """Type a query into the box, and Enter."""
        self.page.fill("#q", text)
        with self.page.expect_navigation():
            self.page.press("#q", "Enter")

    def click(self, target: str | Locator) -> None:
        """Click what leads to another page, and wait for it."""
        found = self.page.locator(target) if isinstance(target, str) else target
        with self.page.expect_navigation():
            found.click()

    def texts(self, css: str) -> list[str]:
        """The text of each element, blanks folded."""
        return [" ".join(text.split()) for text in self.page.locator(css).all_text_contents()]

    def asked(self) -> dict[str, str]:
        """The parameters of the page's address."""
        pairs: dict[str, str] = self.page.evaluate("Object.fromEntries(new URL(location).searchParams)")
        return pairs

    def left(self) -> list[str]:
        """Pages of other hosts that were opened on purpose since this was last asked; here they are empty."""
        left, self._left = self._left, []
        return left

    def look(self, scheme: Scheme, size: tuple[int, int]) -> None:
        """Change the colour scheme and the window (width, height), the page staying as it is."""
        self._changed = True
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def print(self) -> None:
        """See the page as it would be on paper."""
        self._changed = True
        self.page.emulate_media(media="print")

    def open_details(self) -> None:
        """Open whatever can be folded out, and wait until what it fetches is there."""
        self.page.evaluate(_OPEN, PATIENCE)

    def rest(self) -> list[str]:
        """What went wrong since the last rest; afterwards the visitor is as new: our pages keep nothing in a browser."""
        self.page.evaluate("0")  # what happened before has been told when this is answered
        if self._changed:
            self.page.emulate_media(media="null", color_scheme=self.scheme)
            self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        wrong = self.wrong + [f"the reader is sent to {url}" for url in self.left()]
        self.wrong, self._changed = [], False
        return wrong

    def close(self) -> None:
        """Leave."""
        self.context.close()

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self._documents.add(request.url)

    def _elsewhere(self, route: Route) -> None:
        request = route.request
        opened = (
            request.is_navigation_request() and request.method == "GET" and not request.frame.parent_frame
        )
        if not opened:
            self.wrong.append(f"another host is asked: {request.url}")
            route.abort()
            return
        self._left.append(request.url)
        if "referer" in request.headers:
            self.wrong.append(f"{request.url} is told where its reader comes from")
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>elsewhere</title>")

    def _said(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith(_REFUSED) and message.location["url"] in self._documents
        if message.type in {"error", "warning", "assert"} and not expected:
            self.wrong.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"a dialog opens: {dialog.message}")
        dialog.dismiss()

    def _raised(self, error: WebError) -> None:
        self.wrong.append(f"a script fails: {error.error}")


Visit = Callable[..., Visitor]


def visitor(
    browser: Browser, base: str, *, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light", **options: Any
) -> Visitor:
    """A new visitor, who reads English unless told otherwise (options of `Browser.new_context`)."""
    viewport = {"width": size[0], "height": size[1]}
    known: dict[str, Any] = {"locale": "en-GB", "timezone_id": "UTC"} | options
    context = browser.new_context(viewport=viewport, color_scheme=scheme, **known)  # type: ignore[arg-type]  # a TypedDict
    return Visitor(context, base, scheme, size)
