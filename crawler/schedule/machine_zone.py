"""The time zone that this machine's cron goes by."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = Path("/etc/localtime")


def machine_zone(localtime: Path = LOCALTIME) -> ZoneInfo:
    """The zone of localtime(5), UTC where none is set. TZ of this shell says nothing: cron does not have it."""
    try:
        name = str(localtime.resolve(strict=True)).rpartition("zoneinfo/")[2]
        return ZoneInfo(name)
    except OSError:
        return ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):  # a copy instead of a link: its name is not known
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file, key="local time")
