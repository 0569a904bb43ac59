"""Moments as JSON, feeds and HTML have them."""

from __future__ import annotations

from datetime import UTC, datetime


def timestamp(moment: datetime, timespec: str = "auto") -> str:
    """An aware moment in UTC, as RFC 3339 writes it: '2026-11-20T12:00:00Z'. `timespec` as for `isoformat`."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
