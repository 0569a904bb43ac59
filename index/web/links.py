"""Addresses from articles, which may be hostile, as links."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_link(url: str) -> str:
    """The address where a browser may be sent to it (http, https), else ''."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # one that is no number is told here; browsers take it for no address at all
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
