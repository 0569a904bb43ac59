"""`ScheduleRefused`: why a schedule cannot be installed, shown or removed."""

from __future__ import annotations


class ScheduleRefused(Exception):
    """Nothing was changed; the message says why and what to do."""
