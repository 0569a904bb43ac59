"""Candidates, judged pairs, and the story labels that follow from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from index.backend import Edge, Probe
from index.sqlite.documents import LABELLED, labelled, moment, signed
from index.sqlite.transaction import reading, writing
from index.stories.rank import Label, Member, label

if TYPE_CHECKING:
    from index.article import Article, Role

DAY = 86_400.0  # seconds
_AMONG = "IN (SELECT value FROM json_each(?))"
_SAME_STORY = f"story IN (SELECT story FROM article WHERE id {_AMONG})"  # noqa: S608 - fixed text
_STORY = f"""{LABELLED} WHERE article.story = (SELECT story FROM article WHERE id = ?)
    ORDER BY facet.canonical DESC, article.published, article.id"""  # noqa: S608 - fixed text
_COMMON = """SELECT value FROM json_each(?)
    WHERE (SELECT count(*) FROM (SELECT 1 FROM fingerprint WHERE h = value LIMIT ?)) >= ?"""
_HOLDERS = """SELECT article.id FROM (SELECT n FROM fingerprint WHERE h = ? ORDER BY n LIMIT ?)
    CROSS JOIN article USING (n)"""
_EDGES = "SELECT a, b, ok, rule, hash_a, hash_b FROM edge"


def candidates(
    connection: sqlite3.Connection, probes: Sequence[Probe], *, share: int, days: int, limit: int
) -> list[list[str]]:
    """For each probe the ids of other articles that share values with it; see `Backend.candidates`."""
    if not probes:
        return []
    with reading(connection):
        first = _first_row(connection, probes, days)
        return [_candidates(connection, probe, first, share, days, limit) for probe in probes]


def _first_row(connection: sqlite3.Connection, probes: Sequence[Probe], days: int) -> int:
    """The smallest row number of all articles in the probes' windows.

    Rows come in the order of arrival, which is nearly that of publication: what lies before is most of an index
    that has grown for months, and none of it need be read.
    """
    moments = [probe.published_at.timestamp() for probe in probes]
    (first,) = connection.execute(
        "SELECT min(n) FROM facet WHERE published BETWEEN ? AND ?",
        (min(moments) // 1 - days * DAY, max(moments) + days * DAY),
    ).fetchone()
    return int(first or 0)


def _candidates(
    connection: sqlite3.Connection, probe: Probe, first: int, share: int, days: int, limit: int
) -> list[str]:
    """One probe by a statement of its own: one for all fifty takes 2.6 times as long (measured)."""
    values, published = json.dumps(sorted(signed(set(probe.values)))), probe.published_at.timestamp()
    rows = connection.execute(
        f"""SELECT article.id FROM
              (SELECT n, count(*) AS shared FROM fingerprint WHERE h {_AMONG} AND n >= ?
               GROUP BY n HAVING shared >= ?)
              CROSS JOIN article USING (n)
            WHERE article.published BETWEEN ? AND ? AND article.id != ?
            ORDER BY shared DESC, article.id LIMIT ?""",  # noqa: S608 - fixed text
        (values, first, share, published - days * DAY, published + days * DAY, probe.id, limit),
    )
    return [id for (id,) in rows]


def holders(
    connection: sqlite3.Connection, values: Iterable[str], *, at_least: int, limit: int
) -> dict[str, list[str]]:
    """Values that many articles hold, and these, the first stored when too many; see `Backend.holders`.

    Counts no further than `at_least` and reads no more than `limit`: a value costs the same however many
    articles hold it.
    """
    names = list(dict.fromkeys(values))
    hex_of = dict(zip(signed(names), names, strict=True))
    with reading(connection):
        common = connection.execute(_COMMON, (json.dumps(sorted(hex_of)), at_least, at_least))
        return {hex_of[h]: _holders(connection, h, limit) for (h,) in common.fetchall()}


def _holders(connection: sqlite3.Connection, h: int, limit: int) -> list[str]:
    return sorted(id for (id,) in connection.execute(_HOLDERS, (h, limit)))


def edges(connection: sqlite3.Connection, ids: Iterable[str]) -> list[Edge]:
    """Stored edges that touch one of these articles, each once, by their ends."""
    wanted = json.dumps(list(ids))
    with reading(connection):
        rows = connection.execute(
            f"{_EDGES} WHERE a {_AMONG} UNION {_EDGES} WHERE b {_AMONG} ORDER BY a, b", (wanted, wanted)
        )
        return [Edge(a, b, bool(ok), rule, hash_a, hash_b) for a, b, ok, rule, hash_a, hash_b in rows]


def story(connection: sqlite3.Connection, story_id: str) -> list[Article]:
    """Members of the story that the article with this id is in, canonical first."""
    with reading(connection):
        return [labelled(row) for row in connection.execute(_STORY, (story_id,))]


def pending(connection: sqlite3.Connection, limit: int) -> list[str]:
    """Ids that wait for linking, in the order in which they were stored."""
    with reading(connection):
        rows = connection.execute("SELECT id FROM article WHERE pending = 1 ORDER BY n LIMIT ?", (limit,))
        return [id for (id,) in rows]


def link(
    connection: sqlite3.Connection, linked: Iterable[tuple[str, str]], judged: Sequence[Edge]
) -> set[str]:
    """Store edges, relabel what they touch, settle `linked`; see `Backend.link`."""
    for edge in judged:
        if edge.a >= edge.b:
            raise ValueError(f"edge {edge.a}, {edge.b}: the smaller id comes first")
    settled = list(linked)
    with writing(connection):
        hashes = _hashes(connection, {id for edge in judged for id in (edge.a, edge.b)})
        current = [
            edge for edge in judged if (hashes.get(edge.a), hashes.get(edge.b)) == (edge.hash_a, edge.hash_b)
        ]
        connection.executemany(
            "INSERT OR REPLACE INTO edge(a, b, ok, rule, hash_a, hash_b) VALUES (?, ?, ?, ?, ?, ?)",
            [(edge.a, edge.b, edge.ok, edge.rule, edge.hash_a, edge.hash_b) for edge in current],
        )
        connection.executemany(
            "UPDATE article SET pending = 0 WHERE id = ? AND judged = ? AND pending = 1", settled
        )
        touched = {id for edge in current for id in (edge.a, edge.b)} | {id for id, _ in settled}
        return relabel(connection, touched)


def relabel(connection: sqlite3.Connection, touched: Iterable[str]) -> set[str]:
    """Make the labels of every story that these articles are or were in follow from the edges.

    To be called in a writing transaction. Walks from the articles over accepted edges and over the members
    of the stories met, so that both a story that grew and one that fell apart is taken in whole.
    """
    members, stored, pairs = _component(connection, set(touched))
    wrong = [each for each in label(members, pairs) if stored[each.id] != each]
    connection.executemany(
        "UPDATE article SET story = ?, copies = ?, outlets = ?, first_copy = ?, last_copy = ? WHERE id = ?",
        [
            (
                each.story_id,
                each.copies,
                json.dumps(each.outlets),
                _seconds(each.first_copy_at),
                _seconds(each.last_copy_at),
                each.id,
            )
            for each in wrong
        ],
    )
    connection.executemany(
        "UPDATE facet SET canonical = ? WHERE n = (SELECT n FROM article WHERE id = ?)",
        [(each.role == "canonical", each.id) for each in wrong],
    )
    return {each.id for each in wrong}


def members_of(
    connection: sqlite3.Connection, where: str, parameter: str
) -> tuple[list[Member], dict[str, Label]]:
    """Articles that meet a condition as the rank sees them, and their stored labels."""
    rows = connection.execute(
        f"""SELECT id, article.site, domain, article.published, vague, marks,
              story, canonical, copies, outlets, first_copy, last_copy
            FROM article JOIN facet USING (n) WHERE {where}""",  # noqa: S608 - fixed conditions
        (parameter,),
    )
    members, labels = [], {}
    for id, site, domain, published, vague, marks, *stored in rows:
        members.append(Member(id, site, domain, published, vague, tuple(json.loads(marks))))
        labels[id] = _label(id, *stored)
    return members, labels


def _label(
    id: str,
    story_id: str,
    canonical: int,
    copies: int,
    outlets: str,
    first_copy: float | None,
    last_copy: float | None,
) -> Label:
    """The label that columns hold."""
    sites = tuple(json.loads(outlets))
    role: Role = "canonical" if canonical else "copy"
    return Label(id, story_id, role, copies, sites, moment(first_copy), moment(last_copy))


def _seconds(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _component(
    connection: sqlite3.Connection, frontier: set[str]
) -> tuple[list[Member], dict[str, Label], set[tuple[str, str]]]:
    """Everything connected with the frontier by old story or accepted edge: members, labels, pairs."""
    found: dict[str, Member] = {}
    labels: dict[str, Label] = {}
    pairs: set[tuple[str, str]] = set()
    while frontier:
        ids = json.dumps(sorted(frontier))
        members, stored = members_of(connection, _SAME_STORY, ids)
        new = {member.id: member for member in members if member.id not in found}
        found |= new
        labels |= stored
        met = accepted(connection, new)
        pairs |= met
        frontier = {id for pair in met for id in pair} - found.keys()
    return list(found.values()), labels, pairs


def accepted(connection: sqlite3.Connection, ids: Iterable[str]) -> set[tuple[str, str]]:
    """Accepted pairs that touch one of these articles."""
    wanted = json.dumps(list(ids))
    rows = connection.execute(
        f"SELECT a, b FROM edge WHERE ok AND a {_AMONG} UNION SELECT a, b FROM edge WHERE ok AND b {_AMONG}",  # noqa: S608 - fixed text
        (wanted, wanted),
    )
    return set(rows)


def _hashes(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    wanted = json.dumps(list(ids))
    return dict(connection.execute(f"SELECT id, judged FROM article WHERE id {_AMONG}", (wanted,)))  # noqa: S608 - fixed text
