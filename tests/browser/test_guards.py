"""A visitor notes what a page must never do: so a test that notes nothing has looked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from index.web.headers import POLICY
from tests.browser.visitor import Visitor, visitor

pytestmark = pytest.mark.xdist_group("browser-look")


@pytest.fixture
def someone(browser: Browser, visitors: dict[object, Visitor], sqlite_site: str) -> Visitor:
    """A visitor whose faults are expected."""
    if __name__ not in visitors:
        visitors[__name__] = visitor(browser, sqlite_site)
    return visitors[__name__]


def noted(someone: Visitor, html: str, policy: str = "") -> str:
    """What a visitor notes of a page with this markup."""
    headers = {"content-type": "text/html"} | ({"content-security-policy": policy} if policy else {})
    someone.page.route("**/spoilt", lambda route: route.fulfill(body=html, headers=headers))
    someone.open("/spoilt")
    for _ in range(100):  # what a page does once it is loaded comes a little later
        if someone.wrong:
            break
        someone.page.wait_for_timeout(10)
    someone.page.unroute("**/spoilt")
    return "\n".join(someone.rest())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>ran=1</script>", "a script of an article ran"),
        ("<img src=x onerror=ran=1>", "a script of an article ran"),
        ("<script>alert(1)</script>", "a dialog opens: 1"),
        ("<script>console.warn('x')</script>", "console: x"),
        ("<script>throw Error('x')</script>", "a script fails: x"),
        ("<img src=https://evil.example/x>", "another host is asked: https://evil.example/x"),
        (
            "<link rel=stylesheet href=//evil.example/x.css>",
            "another host is asked: http://evil.example/x.css",
        ),
        ("<script>fetch('https://evil.example/')</script>", "another host is asked"),
        ("<img src=/nothing.png>", "404"),
        ("<iframe src=https://evil.example/x></iframe>", "another host is asked"),
        (
            "<form method=post action=//evil.example><button></form><script>document.forms[0].submit()</script>",
            "is asked",
        ),
    ],
)
def test_what_a_spoilt_page_does_is_noted(someone: Visitor, html: str, expected: str) -> None:
    assert expected in noted(someone, f"<!doctype html>{html}")


@pytest.mark.parametrize(
    "html",
    ["<script>1</script>", "<p style='color:red'>", "<style>p{}</style>", "<img src=data:image/png,x>",
     "<iframe src=/></iframe>", "<p onclick=1>"],
)  # fmt: skip
def test_what_the_policy_forbids_is_noted(someone: Visitor, html: str) -> None:
    assert "Content Security Policy" in noted(someone, f"<!doctype html>{html}", POLICY)


def test_a_sound_page_leaves_nothing_to_note(someone: Visitor) -> None:
    assert noted(someone, "<!doctype html><title>x</title><p>x", POLICY) == ""


def test_what_is_opened_elsewhere_is_noted_unless_a_test_has_asked_for_it(someone: Visitor) -> None:
    for asks in (True, False):
        someone.open("/")
        someone.page.evaluate("location = 'https://a.example/x'")
        someone.page.wait_for_url("https://a.example/x")
        if asks:
            assert someone.left() == ["https://a.example/x"]
        assert someone.rest() == ([] if asks else ["the reader is sent to https://a.example/x"])
