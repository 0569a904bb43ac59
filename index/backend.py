"""`Backend`: the small interface that every engine implements, and the values that cross it.

`index.engine` chooses an engine by its address. Everything above this file works on any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from index.article import Article
    from index.runs import RunDocument
    from index.search.query import Query
    from index.search.results import Results
    from index.tally import Progress

Stored = Literal["indexed", "revised", "unchanged", "waiting", "refused"]
"""What `put` did with an article: new, a changed text of a known one, or the same text again.

Engines behind an outbox (`index.outbox`) have two more: `waiting`, durable on this machine and sent when the
index takes it; `refused`, the index will not take this document, it is kept among the dead letters.
"""


Change = Callable[[dict[str, Any]], dict[str, Any] | None]
"""Makes a new JSON object of the one that is stored, or says (None) that it stays."""


class BackendError(Exception):
    """The index cannot be used; the message says why and what to do."""


class IndexUnavailable(BackendError):
    """The index cannot be used until someone acts: foreign file, newer schema, wrong credentials."""


class IndexMissing(IndexUnavailable):
    """The engine answers and has no index of this name: nothing was stored yet, or it was deleted."""


class IndexUnreachable(BackendError):
    """The index does not answer or takes nothing just now; the same call may succeed later.

    `retry_after` is how many seconds the server asked to be left alone, None when it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TimedOut(IndexUnreachable):
    """A reading took longer than it may; what asks for less may be answered."""


class IndexWriteError(BackendError):
    """A write was refused (read-only folder, full disk); nothing of the batch was stored."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the crawler has to know about a stored article to decide on a visit."""

    id: str
    url: str
    site: str
    first_seen_at: datetime
    fetched_at: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Edge:
    """A judged pair of articles, `a` < `b`. `ok` says whether they are copies of one text.

    `hash_a` and `hash_b` are the articles' `judged_hash`: an edge judged on other facts than
    the stored ones is stale and is judged again.
    """

    a: str
    b: str
    ok: bool
    rule: str
    hash_a: str
    hash_b: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A look-up of articles that may share text: the asking article's id, time and fingerprint values."""

    id: str
    published_at: datetime
    values: tuple[str, ...]  # 16 hex digits each


@dataclass(frozen=True, slots=True)
class Republished:
    """How many articles a site (`outlet`) published of the texts of another house.

    `source` is the house's name, `domain` its main domain, '' where only the name is known.
    """

    outlet: str
    source: str
    domain: str
    copies: int


@dataclass(frozen=True, slots=True)
class Check:
    """Outcome of a consistency check: counts of what was looked at, and every fault as one line."""

    counts: dict[str, int]
    faults: list[str] = field(default_factory=list)


class Backend(Protocol):
    """One index. Safe for several processes at once; one instance belongs to one thread.

    Every call may raise `IndexUnavailable`; writing calls may raise `IndexWriteError`.
    """

    @property
    def batch(self) -> int:
        """How many articles are best linked at a time: what a lock may be held for, or a round trip is worth."""

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """Which of these identity hashes are stored: the given id (also a `link_ids` one) to its article.

        A hash that two articles name leads to the first of them; an article's own id always to itself.
        """

    def young(self, site: str, since: datetime) -> list[Known]:
        """Articles of a site first seen at or after `since`, oldest fetch first."""

    def fetched(self, since: datetime | None, *, after: str, limit: int) -> list[str]:
        """Ids of articles fetched at or after `since` (None: of all), sorted: the first `limit` behind `after`."""

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """Stored articles by their own id; absent ids are left out."""

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        """Store articles durably in one transaction; one answer each, in order.

        A known id with a changed `content_hash` becomes a revision (the old text is kept); an older
        fetch never replaces a newer one (`index.revise` has the whole rule). New and revised articles,
        and those whose publication time, source or fingerprint has changed, are marked pending for
        linking, lose their edges and are a story of their own until linked. ValueError for a
        fingerprint value that is not 16 hex digits; nothing of the batch is stored then.
        """

    def revisions(self, id: str) -> list[Article]:
        """Earlier texts of an article, oldest first."""

    def pending(self, limit: int) -> list[str]:
        """Ids that were stored but not yet linked, oldest first."""

    def candidates(self, probes: Sequence[Probe], *, share: int, days: int, limit: int) -> list[list[str]]:
        """For each probe the ids of other articles that share at least `share` of its fingerprint values.

        Published within `days` of the probe's time; most shared first, then by id, at most `limit` each.
        """

    def holders(self, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
        """Of these fingerprint values those that `at_least` articles hold: value to ids, at most `limit` each."""

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        """All stored edges that touch one of these articles."""

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        """Store judged edges, relabel the stories they touch, clear the pending mark of `linked`.

        `linked` holds (id, judged_hash) pairs: an article of which the stored facts differ by now stays
        pending. An edge judged on other texts than the stored ones is dropped. Returns the ids whose
        story labels changed. Convergent: the labels depend on the stored articles and edges alone.
        """

    def story(self, story_id: str) -> list[Article]:
        """Members of the story that this article is in, canonical first, then by publication time and id.

        A story's id is its smallest member's, so an id a story once had keeps leading to it.
        """

    def republished(self, since: datetime, until: datetime | None = None) -> list[Republished]:
        """Who republished whom at or after `since`, before `until`, most copies first, then by outlet and source.

        Both are whole seconds. An article published in that time counts for its site as a copy of its own source
        where that is another house: so it says. One that names none counts as a copy of the source of its story's
        canonical article, unless that is its own house.
        """

    def search(self, query: Query) -> Results:
        """Run a parsed query. See `index.search`."""

    def get_state(self, key: str) -> dict[str, Any]:
        """A JSON object kept under a key ('site:ria.ru', 'lease:ria.ru'), empty when there is none."""

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        """Replace the JSON object under a key."""

    def update_state(self, key: str, change: Change) -> dict[str, Any]:
        """Replace the object under a key by what `change` makes of it, as one step among all machines.

        `change` is given the object (empty when there is none) and returns the new one, or None to leave it;
        it may be called again when another process was quicker. Returns what is there afterwards. Never
        answered or kept by an outbox: raises `IndexUnreachable` while the index does not answer.
        """

    @property
    def unreadable_runs(self) -> dict[str, str]:
        """Records that `runs` and `last_runs` had to leave out since this was opened: id to what is wrong."""

    def put_run(self, run: RunDocument) -> None:
        """Keep the record of a run; one with the same id is replaced. Those of more than a year ago are deleted.

        A year before this run; none while no record is between a month and a year older than it, so that
        a clock that is wrong by years deletes nothing.
        """

    def runs(
        self, *, since: datetime | None = None, site: str | None = None, limit: int
    ) -> list[RunDocument]:
        """Records of runs that started at or after `since`, of all sites or one, the newest start first.

        Those of another version are read as far as they are understood here (`index.runs.stored_run`).
        """

    def last_runs(self) -> dict[str, RunDocument]:
        """The record of the newest run of each site, by its start.

        Behind an outbox also while the index does not answer: then it is the newest that ran on this machine.
        """

    def stats(self) -> dict[str, int]:
        """Counts for `svodka index stats`: articles, stories, copies, revisions, sites, pending, bytes."""

    def check(self, progress: Progress | None = None) -> Check:
        """Prove consistency of text index, articles, stories, edges and look-up tables.

        `progress` is told the part at work and how much of it was looked at.
        """

    def rebuild_text(self) -> int:
        """Make the text index anew from the stored articles, whose number is returned: cures its faults."""

    def close(self) -> None:
        """Release the engine; the object is of no use afterwards."""
