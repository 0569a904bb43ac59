"""What the search box with all its settings is made of, besides what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

ZONES = ("UTC", "Europe/Moscow", "Europe/Kyiv", "Europe/Berlin", "Europe/London", "Asia/Yekaterinburg",
         "Asia/Novosibirsk", "Asia/Vladivostok", "America/New_York")  # fmt: skip
EXAMPLES: Sequence[tuple[tuple[str, ...], str]] = (
    (("мост ремонт",), "help.words"),
    (('"гарантии безопасности"',), "help.phrase"),
    (("угроз*",), "help.beginning"),
    (("мост -спорт",), "help.exclude"),
    (("визит OR переговоры",), "help.either"),
    (("title:мост", "author:Петров"), "help.title"),
    (('source:"РИА Новости"', "site:ria.ru"), "help.source"),
    (("lang:ru", "section:политика"), "help.narrow"),
    (("after:2022-01-18", "before:2022-02"), "help.time"),
)


def box_values(zone: ZoneInfo, *, wrong: str = "") -> Mapping[str, object]:
    """What the template of the box needs: the zone of a reader who names none, and which parameter is wrong."""
    return {"zone": str(zone), "zones": ZONES, "examples": EXAMPLES, "bad": None, "wrong": wrong}
