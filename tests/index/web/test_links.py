"""Which addresses of articles become links."""

from __future__ import annotations

import pytest

from index.web.links import web_link


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "https://a.example:8443/x?y#z", "HTTPS://A.example/", "https://мост.example/мост", "http://[::1]/"],
)  # fmt: skip
def test_web_addresses_do_as_they_are(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example/", "/x", "x", " ", "https:a.example",
     "https:///a.example", "https://:80/", "https://a.example:x/", "https://a.example:99999/", "http://[::1"],
)  # fmt: skip
def test_others_do_not(url: str) -> None:
    assert web_link(url) == ""
