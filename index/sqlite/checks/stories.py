"""Do the story labels follow from the judged pairs, and do the pairs speak of stored texts?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from index.article import LABELS
from index.sqlite.stories import accepted, members_of
from index.stories.rank import label
from index.tally import Tally

_EDGES = """
    SELECT a, b, hash_a, hash_b, one.judged, other.judged
    FROM edge LEFT JOIN article AS one ON one.id = a LEFT JOIN article AS other ON other.id = b
"""


def story_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Labels that differ from those made anew, and accepted pairs that lie in two stories.

    Where no pair leaves its story and each story by itself gets the labels it has, all labels are right:
    one canonical article each, the smallest id as story id, copies and outlets counted, times
    of the first and last copy.
    """
    stories = connection.execute("SELECT DISTINCT story FROM article ORDER BY story").fetchall()
    for (story_id,) in tally.each("stories", stories):
        yield from _story_faults(connection, story_id)


def edge_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Judged pairs of unknown articles, of facts no longer stored, or out of order."""
    for a, b, hash_a, hash_b, stored_a, stored_b in tally.each("edges", connection.execute(_EDGES)):
        absent = [id for id, stored in ((a, stored_a), (b, stored_b)) if stored is None]
        if absent:
            yield f"edge {a}, {b}: article {absent[0]} is not stored"
        elif (hash_a, hash_b) != (stored_a, stored_b):
            yield f"edge {a}, {b}: judged on other facts than are stored"
        if a >= b:
            yield f"edge {a}, {b}: the smaller id has to come first"


def _story_faults(connection: sqlite3.Connection, story_id: str) -> Iterator[str]:
    members, stored = members_of(connection, "story = ?", story_id)
    pairs = accepted(connection, stored)
    for a, b in sorted(pairs):
        outside = {a, b} - stored.keys()
        if outside and a in stored:
            yield f"article {a}: accepted as a copy of article {b}, which is in another story"
    for right in label(members, pairs):
        held = stored[right.id]
        for name in LABELS:
            if getattr(held, name) != getattr(right, name):
                yield (
                    f"article {right.id}: {name} is {getattr(held, name)!r}, "
                    f"by the judged pairs it is {getattr(right, name)!r}"
                )
