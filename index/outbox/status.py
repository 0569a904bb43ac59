"""`Status`: how an index and its outbox are, for `svodka status`; works while the index is down."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.backend import BackendError, IndexUnreachable
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from index.backend import Backend
    from index.outbox.store import Summary

REASON_WIDTH = 200  # characters of a server's reason that are shown in a line


@dataclass(frozen=True, slots=True)
class Status:
    """What `svodka status` tells. `outbox` is None for an engine that takes articles at once."""

    address: str
    answers: bool
    reason: str = ""  # why it does not answer
    articles: int | None = None
    unlinked: int | None = None
    outbox: Summary | None = None
    place: str = ""  # the outbox file
    next: list[str] = field(default_factory=list)  # what to do

    @property
    def exit_code(self) -> int:
        """3 when the index does not answer, 1 when something waits or was refused, else 0."""
        if not self.answers:
            return INDEX
        return FAILED if self.outbox and (self.outbox.left or self.outbox.dead) else OK

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
        rows = [("index", f"{self.address}: {self._answer()}")]
        rows += (
            self._waiting() if self.outbox else [("waiting", "nothing: this index takes articles at once")]
        )
        if self.unlinked:
            rows.append(("unlinked", f"{self.unlinked:,} articles are not in stories yet"))
        rows += [("next", line) for line in self.next]
        return [f"{name:<10}{text}" for name, text in rows]

    def _answer(self) -> str:
        if not self.answers:
            return f"does not answer: {_short(self.reason)}"
        return f"answers, {self.articles:,} articles"

    def _waiting(self) -> list[tuple[str, str]]:
        outbox = self.outbox
        if outbox is None:
            return []
        rows = [("waiting", _counted(outbox))]
        if outbox.left and outbox.reason:
            rows.append(("", f"last answer: {_short(outbox.reason)}"))
        if outbox.left and outbox.next_try:
            rows.append(("", f"next attempt: {_moment(outbox.next_try)}"))
        if outbox.dead:
            rows.append(("dead", f"{outbox.dead:,} articles refused"))
            rows += [("", f"{count:,}x {_short(reason)}") for reason, count in outbox.reasons]
        return rows


def look(backend: Backend, address: str) -> Status:
    """Ask an index and its outbox how they are."""
    outbox, place = None, ""
    if isinstance(backend, OutboxBackend):
        outbox, place = backend.outbox.summary(backend.clock()), str(backend.outbox.path)
    try:
        counts = backend.stats()
    except BackendError as error:
        down = Status(public(address), False, str(error), outbox=outbox, place=place)
        return _with_advice(down, unreachable=isinstance(error, IndexUnreachable))
    return _with_advice(
        Status(public(address), True, "", counts["articles"], counts["pending"], outbox, place)
    )


def public(address: str) -> str:
    """An address as it may be shown: without user and password."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else address


def _with_advice(status: Status, *, unreachable: bool = True) -> Status:
    outbox, advice = status.outbox, list[str]()
    if not status.answers:
        advice.append("start the index, or mend its address" if unreachable else "mend what it says")
    if outbox and outbox.left:
        advice.append("svodka index replay        sends what waits (each crawl does too)")
    if outbox and outbox.dead:
        advice.append("svodka index replay --dead when their cause is mended: sends the refused ones again")
    if status.unlinked:
        advice.append("svodka index reconcile     puts articles into stories (each crawl does too)")
    return replace(status, next=advice or ["nothing to do"])


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
