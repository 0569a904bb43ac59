"""`RunRecord`: the account of one run of one site, as printed, as JSON and as kept in the index."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field

from crawler import __version__
from index.exit_codes import FAILED, INDEX, INTERRUPTED, OK
from index.runs import OUTCOMES, RunDocument, Trigger, run_id, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

ALONE = "the index did not answer: only this machine's lock kept other runs of the site away"
SourceStatus = Literal["read", "not_modified", "failed"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceRecord(_Record):
    """One feed, sitemap or listing page of a run."""

    url: str
    kind: Literal["feed", "sitemap", "listing"]
    status: SourceStatus
    links: int = 0
    older: int = 0  # sitemap entries left out for their age
    reason: str = ""


class RunRecord(_Record):
    """What one run of one site did. `found` equals the sum of `outcomes`."""

    site: str
    started_at: AwareDatetime
    finished_at: AwareDatetime
    seconds: float
    sources: list[SourceRecord] = Field(default_factory=list)
    found: int = 0
    outcomes: dict[str, int] = Field(default_factory=dict)
    reasons: dict[str, int] = Field(default_factory=dict)  # "http_error: 404" -> count
    copies: int = 0  # new articles of this run that are copies of another
    would_fetch: list[str] = Field(default_factory=list)  # with --dry-run
    version: str = __version__
    host: str = ""
    trigger: Trigger = "named"
    pages: int = 0  # fetched pages that were tried as articles
    fill: dict[str, float] | None = None  # share of them with a title, body, date, author
    newest_published_at: AwareDatetime | None = None  # of the articles this run saw
    alone: bool = False  # other machines could not be told of the run: the index did not answer
    waiting: int = 0  # in the outbox when the run ended, articles and states
    dead: int = 0  # refused articles in the outbox then
    finish: str = "finished"
    errors: list[str] = Field(default_factory=list)
    refused: int = 0  # articles that the index refused; dead letters, and among the failed
    unlinked: str = ""  # why new articles could not be put into stories yet: the index did not answer

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own advice for mypy
    @property
    def exit(self) -> int:
        """The exit code that this run alone would give."""
        if self._lacking or self.finish == "index_error" or any(map(_of_index, self.errors)):
            return INDEX
        if self.finish in {"shutdown", "killed"}:
            return INTERRUPTED
        return FAILED if self.failed else OK

    @property
    def failed(self) -> bool:
        """Whether somebody has to look: a source, a link or the run itself failed."""
        if self.finish == "locked":
            return self.trigger == "named"  # who named the site wanted it now; a schedule asks again soon
        return self.finish not in {"finished", "budget"} or self._faulty

    @property
    def ok(self) -> bool:
        """Whether nothing failed: to be stopped by a signal, or by its time budget, is no failure of a site."""
        return self.exit == OK or (self.exit == INTERRUPTED and not self._faulty)

    @property
    def _faulty(self) -> bool:
        failed_source = any(source.status == "failed" for source in self.sources)
        return bool(self.errors or self.outcomes.get("failed") or failed_source)

    @property
    def _lacking(self) -> bool:
        """Whether the index lacks something of this run."""
        return bool(self.refused or self.unlinked or self.outcomes.get("waiting"))

    def problems(self) -> list[str]:
        """One line for each source or link that failed, and for the run itself."""
        if self.finish == "locked" and not self.failed:
            return []
        lines = [
            f"{source.kind} {source.url}: {source.reason}"
            for source in self.sources
            if source.status == "failed"
        ]
        lines += self.errors
        if self.finish == "shutdown" and not self.errors:
            lines.append("stopped by a signal; what is left waits for the next run")
        if self.finish == "killed":
            lines.append("stopped by force: the next run fetches again what was not stored yet")
        if self.finish == "budget" and self.trigger == "named":
            lines.append("its time budget was over; what is left waits for the next run")
        lines += [
            f"{count} {reason}" for reason, count in self.reasons.items() if reason.startswith("failed:")
        ]
        return lines

    def document(self) -> RunDocument:
        """What the index keeps of it."""
        index = [f"{self.refused} articles refused by the index"] * bool(self.refused)
        index += [ALONE] * self.alone
        index += [f"not in stories yet: {self.unlinked}"] * bool(self.unlinked)
        read = sum(source.status != "failed" for source in self.sources)
        return RunDocument(
            id=run_id(self.site, self.started_at, self.host),
            site=self.site,
            started_at=self.started_at,
            finished_at=self.finished_at,
            seconds=self.seconds,
            version=self.version,
            host=self.host,
            trigger=self.trigger,
            finish=self.finish,
            exit=self.exit,
            ok=self.ok,
            found=self.found,
            outcomes={name: self.outcomes.get(name, 0) for name in OUTCOMES},
            copies=self.copies,
            sources_read=read,
            sources_failed=len(self.sources) - read,
            pages=self.pages,
            fill=self.fill,
            newest_published_at=self.newest_published_at,
            waiting=self.waiting,
            dead=self.dead,
            problems=shortened([*self.problems(), *index]),
        )


def _of_index(error: str) -> bool:
    return error.startswith("index: ")


def reason_counts(reasons: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """(outcome, reason) counts as one flat, sorted mapping."""
    counts = Counter({f"{outcome}: {reason}": count for (outcome, reason), count in reasons.items()})
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
