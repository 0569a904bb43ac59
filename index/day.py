"""A publication day without a time, as a moment: noon UTC.

From UTC-12 to UTC+11:59 it is the same date everywhere at that moment, so filters, day facets, histograms and
the order of hits have such an article on its day, whichever of these zones they count in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

_NOON = time(12, tzinfo=UTC)


def at_noon(day: date) -> datetime:
    """The moment that stands for a day of which no time is known."""
    return datetime.combine(day, _NOON)


def moved_to_noon(moment: datetime, offset: int | None) -> datetime:
    """What stands for a day that earlier versions stored as the midnight of its site; a noon UTC stays as it is.

    `offset` is what the page gave, in minutes east. Where it gave none, the site's zone is taken to lie between
    UTC-12 and UTC+11:59: farther east the day before comes out, as it did with the midnight.
    """
    utc = moment.astimezone(UTC)
    if utc.timetz() == _NOON:
        return moment
    return at_noon((utc + timedelta(minutes=12 * 60 if offset is None else offset)).date())
