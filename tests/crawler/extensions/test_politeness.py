from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from crawler.extensions.politeness import retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-3", None),
    ],
)
def test_retry_after_as_seconds_or_date(header: str, seconds: float | None) -> None:
    assert retry_after(Response("http://a.example/", headers={"Retry-After": header}), NOW) == seconds


def test_no_header_is_no_wish() -> None:
    assert retry_after(Response("http://a.example/"), NOW) is None
