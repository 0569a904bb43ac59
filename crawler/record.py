"""`RunRecord`: the account of one run of one site, as printed, as JSON and as kept in the index."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    finish: str = "finished"
    errors: list[str] = Field(default_factory=list)
    refused: int = 0  # articles that the index refused; dead letters, and among the failed
    unlinked: str = ""  # why new articles could not be put into stories yet: the index did not answer

    @property
    def failed(self) -> bool:
        """Whether somebody has to look: a source, a link or the run itself failed."""
        return bool(
            self.finish != "finished"
            or self.errors
            or self.outcomes.get("failed")
            or any(s.status == "failed" for s in self.sources)
        )


def reason_counts(reasons: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """(outcome, reason) counts as one flat, sorted mapping."""
    counts = Counter({f"{outcome}: {reason}": count for (outcome, reason), count in reasons.items()})
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
