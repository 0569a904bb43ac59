"""Who republishes whom: counted from the sources of articles and of their stories' canonical ones."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from index.backend import Republished
from index.sqlite.transaction import reading

_NEVER = 1 << 62  # epoch seconds: after every publication

# `member` leads by its publication time; a story has one canonical article, found by the index on `story`. A source
# of its own that is another house comes before that of the canonical article.
_REPUBLISHED = """
    SELECT outlet.name, source.name, house.name, count(*) AS copies
    FROM facet AS member
    CROSS JOIN article ON article.n = member.n
    CROSS JOIN names AS own ON own.k = member.source_domain
    CROSS JOIN article AS original ON original.story = article.story
    CROSS JOIN facet AS standing ON standing.n = original.n AND standing.canonical = 1
    CROSS JOIN names AS house
      ON house.k = iif(own.name = article.domain, standing.source_domain, own.k) AND house.name != article.domain
    CROSS JOIN names AS source ON source.k = iif(own.name = article.domain, standing.source, member.source)
    CROSS JOIN names AS outlet ON outlet.k = member.site
    WHERE member.published >= ? AND member.published < ?
    GROUP BY outlet.k, source.k, house.k
    ORDER BY copies DESC, outlet.name, source.name, house.name
"""


def republished(
    connection: sqlite3.Connection, since: datetime, until: datetime | None = None
) -> list[Republished]:
    """Outlets and the houses whose texts they published at or after `since`, before `until`; see `Backend.republished`."""
    with reading(connection):
        period = (int(since.timestamp()), int(until.timestamp()) if until else _NEVER)
        return [Republished(*row) for row in connection.execute(_REPUBLISHED, period)]
