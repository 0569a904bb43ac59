"""`Status`: how an index and its outbox are, for `svodka status`; works while the index is down or unusable."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from index.backend import BackendError, IndexUnreachable
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend
from index.outbox.others import Other, others
from index.outbox.store import Outbox
from index.settings import shown_address
from index.stories.rules import judged_by_others

if TYPE_CHECKING:
    from pathlib import Path

    from index.backend import Backend
    from index.outbox.store import Summary
    from index.settings import Settings

REASON_WIDTH = 200  # characters of a server's reason that are shown in a line
LINKED_WITHIN = timedelta(minutes=10)  # a crawl links a batch seconds after it is stored, unless that fails


@dataclass(frozen=True, slots=True)
class Status:
    """What `svodka status` tells. `outbox` is None for an engine that takes articles at once."""

    address: str
    answers: bool
    reason: str = ""  # why it does not answer
    error: str = ""  # why it cannot be used until someone acts
    articles: int | None = None
    unlinked: int | None = None
    forgotten: bool = False  # what is unlinked is so old that no crawl is about to link it
    other_rules: bool = False  # stored articles were judged by the rules of another version
    outbox: Summary | None = None
    place: str = ""  # the outbox file
    others: list[Other] = field(
        default_factory=list
    )  # outboxes of other addresses or names, with what they hold
    next: list[str] = field(default_factory=list)  # what to do

    @property
    def exit_code(self) -> int:
        """3 when the index does not answer or cannot be used; 1 when something waits, was refused or forgotten."""
        if not self.answers:
            return INDEX
        behind = self.outbox is not None and (self.outbox.left or self.outbox.dead)
        return FAILED if behind or self.forgotten else OK

    def as_json(self) -> dict[str, Any]:
        """One object; times are ISO 8601 in UTC."""
        data = asdict(self) | {"exit_code": self.exit_code}
        if data["outbox"] is not None:
            for name in ("since", "next_try"):
                moment = data["outbox"][name]
                data["outbox"][name] = moment and datetime.fromtimestamp(moment, UTC).isoformat(
                    "T", "seconds"
                )
            data["outbox"]["reasons"] = [
                {"reason": reason, "count": count} for reason, count in data["outbox"]["reasons"]
            ]
        return data

    def lines(self) -> list[str]:
        """The same for people."""
        rows = [("index", f"{self.address}: {self._answer()}"), *self._waiting()]
        if self.unlinked:
            rows.append(("unlinked", f"{self.unlinked:,} articles are not in stories yet"))
        if self.other_rules:
            rows.append(("stories", "judged by the rules of another version of Svodka"))
        rows += [("other", str(other)) for other in self.others]
        rows += [("next", line) for line in self.next]
        return [f"{name:<10}{text}" for name, text in rows]

    def _answer(self) -> str:
        if self.error:
            return f"cannot be used: {self.error}"
        if not self.answers:
            return f"does not answer: {_short(self.reason)}"
        if self.articles is None:
            return "an outbox; its index is not asked"
        return f"answers, {self.articles:,} articles"

    def _waiting(self) -> list[tuple[str, str]]:
        outbox = self.outbox
        if outbox is None:
            return [("waiting", "nothing: this index takes articles at once")] if self.answers else []
        rows = [("waiting", _counted(outbox))]
        if outbox.left and outbox.reason:
            rows.append(("", f"last answer: {_short(outbox.reason)}"))
        if outbox.left and outbox.next_try:
            rows.append(("", f"next attempt: {_moment(outbox.next_try)}"))
        if outbox.dead:
            rows.append(("dead", f"{outbox.dead:,} articles refused"))
            rows += [("", f"{count:,}x {_short(reason)}") for reason, count in outbox.reasons]
        return rows


def look(backend: Backend, address: str, now: datetime) -> Status:
    """Ask an index and its outbox how they are."""
    status = Status(shown_address(address), answers=False)
    if isinstance(backend, OutboxBackend):
        status = _with_outbox(status, backend.outbox, backend.clock())
    try:
        counts = backend.stats()
        forgotten = counts["pending"] > 0 and _forgotten(backend, now)
        other_rules = judged_by_others(backend)
    except IndexUnreachable as error:
        return _with_advice(replace(status, reason=str(error)))
    except BackendError as error:
        return _with_advice(replace(status, error=str(error)))
    articles, pending = counts["articles"], counts["pending"]
    return _with_advice(
        replace(
            status,
            answers=True,
            articles=articles,
            unlinked=pending,
            forgotten=forgotten,
            other_rules=other_rules,
        )
    )


def unopened(address: str, settings: Settings, error: str, now: datetime) -> Status:
    """The status of an index that cannot be opened until someone acts: why, and what waits for it here."""
    status = Status(shown_address(address), answers=False, error=error)
    if not address.lower().startswith(("http://", "https://")):
        return _with_advice(status)
    try:
        with closing(Outbox.at(address, settings)) as outbox:
            return _with_advice(_with_outbox(status, outbox, now.timestamp()))
    except BackendError as other:
        both = error if str(other) == error else f"{error}; {other}"
        return _with_advice(replace(status, error=both))
    except ValueError:  # no address: a port that is no number
        return _with_advice(status)


def look_into(path: Path, now: datetime) -> Status:
    """What an outbox file holds, whichever index it was for; that index is not asked.

    Raises `BackendError` when it cannot be read.
    """
    with closing(Outbox(path)) as outbox:
        summary = outbox.summary(now.timestamp())
    advice = [_ELSEWHERE, _MOVED] if summary.left or summary.dead else [NOTHING]
    return Status(str(path), answers=True, outbox=summary, place=str(outbox.path), next=advice)


NOTHING = "nothing to do for the index"
_ELSEWHERE = "svodka index replay --index ADDRESS: sends it to the index that the file is named after"
_MOVED = "when that has another address or name now: rename the file (docs/outbox.md, Settings)"


def _with_outbox(status: Status, outbox: Outbox, now: float) -> Status:
    return replace(status, outbox=outbox.summary(now), place=str(outbox.path), others=others(outbox.path))


def _forgotten(backend: Backend, now: datetime) -> bool:
    """Whether the first of what is unlinked has been so for longer than any crawl would leave it."""
    first = backend.get(backend.pending(1)).values()
    return any(article.fetched_at < now - LINKED_WITHIN for article in first)


def _with_advice(status: Status) -> Status:
    outbox, advice = status.outbox, list[str]()
    if not status.answers:
        advice.append("mend what it says" if status.error else "start the index, or mend its address")
    if outbox and outbox.left:
        advice.append("svodka index replay        sends what waits (each crawl does too)")
    if outbox and outbox.dead:
        advice.append("svodka index replay --dead when their cause is mended: sends the refused ones again")
    if status.unlinked:
        advice.append("svodka index reconcile     puts articles into stories (each crawl does too)")
    if status.other_rules:
        advice.append("svodka index reconcile --all judges every article by the present rules")
    advice += [f"{other.command}: what is in another outbox" for other in status.others]
    return replace(status, next=advice or [NOTHING])


def _counted(outbox: Summary) -> str:
    if not outbox.left:
        return "nothing"
    since = f", since {_moment(outbox.since)}" if outbox.since else ""
    states = f" and {outbox.states:,} crawl states" if outbox.states else ""
    return f"{outbox.articles:,} articles{states}{since} ({outbox.bytes / (1 << 20):.1f} MiB)"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %Y %H:%M:%S} UTC"


def _short(reason: str) -> str:
    text = " ".join(reason.split())
    return text if len(text) <= REASON_WIDTH else f"{text[: REASON_WIDTH - 1]}…"
