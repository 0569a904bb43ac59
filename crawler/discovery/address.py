"""Absolute web addresses out of what feeds, sitemaps and pages write into their links."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_SCHEMELESS = re.compile(r"www\.[\w-]+(\.[\w-]+)+([/?#]|$)", re.I)
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_BAD_HOST = re.compile(r"[\s\x00-\x20<>\"'\\^`{|}%]")


def absolute(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address without fragment; None when it is none or points into its own page.

    Line breaks and tabs inside are dropped and blanks become %20, as browsers do (WHATWG URL standard, 4.4).
    """
    href = _CONTROL.sub("", href).strip()
    if not href or href.startswith("#"):
        return None
    if _SCHEMELESS.match(href):
        href = "//" + href
    try:
        url = href if href.startswith(("http://", "https://")) else urljoin(base, href)
        scheme, _, rest = url.partition("#")[0].strip().partition(":")
        url = f"{scheme.lower()}:{rest.replace(' ', '%20')}"
        return url if _is_web(url) else None
    except ValueError:  # unbalanced brackets, a host that changes under NFKC, a port that is no number
        return None


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or _BAD_HOST.search(host):
        return False
    return parts.port is None or parts.port > 0  # reading a port out of range raises ValueError
