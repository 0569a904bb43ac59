"""`RunDocument`: what one run of one site did, as the index keeps it for `svodka status` and Kibana."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.article import UtcDatetime

RUNS_KEPT = timedelta(days=365)  # records of older runs are deleted when a newer one is put
RUNS_PROVING = timedelta(days=30)
"""Some record between this age and `RUNS_KEPT` has to be there before any is deleted: behind a run whose clock is
wrong by years there is none, and nothing is lost to it."""
PRUNED_ONE_IN = 64  # runs at which an engine that has to ask a server for it deletes the old ones
OUTCOMES = (
    *("indexed", "revised", "unchanged", "waiting", "known", "not_an_article", "too_short"),
    *("outside_site", "robots", "http_error", "failed", "deferred"),
)
"""What a link may end as; `crawler.outcome` says what each means, and a test that these are the same."""
FILLED = ("title", "body", "date", "author")
PROBLEMS = 20  # lines that are kept
PROBLEM_LENGTH = 500  # characters of each

Trigger = Literal["due", "named"]
"""Who wanted the run: the site's own schedule (`svodka crawl --due`), or somebody who named the site."""


def _all_outcomes(counts: dict[str, int]) -> dict[str, int]:
    if set(counts) != set(OUTCOMES) or min(counts.values()) < 0:
        raise ValueError(f"one count for each of {', '.join(OUTCOMES)}")
    return counts


def _all_rates(rates: dict[str, float] | None) -> dict[str, float] | None:
    if rates is not None and (
        set(rates) != set(FILLED) or not all(0 <= rate <= 1 for rate in rates.values())
    ):
        raise ValueError(f"one share (0 to 1) for each of {', '.join(FILLED)}")
    return rates


class RunDocument(BaseModel):
    """One run of one site; flat, so that Kibana can chart every field. Times are UTC."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str = Field(pattern="^[0-9a-f]{32}$", description="128-bit hash of site, start and machine")
    site: str = Field(min_length=1, description="name of the site file")
    started_at: UtcDatetime
    finished_at: UtcDatetime
    seconds: float = Field(ge=0, description="how long it took, by a clock that is never set")
    version: str = Field(description="of Svodka")
    host: str = Field(description="name of the machine")
    trigger: Trigger = Field(description="'due': its schedule wanted it; 'named': somebody did")
    finish: str = Field(description="'finished', or what ended it: 'shutdown', 'budget', 'index_error' ...")
    exit: int = Field(description="exit code that this run alone would give (docs: README, exit codes)")
    ok: bool = Field(description="nobody has to look: exit 0, or a signal stopped it and nothing failed")
    found: int = Field(ge=0, description="links found; the sum of outcomes")
    outcomes: Annotated[dict[str, int], AfterValidator(_all_outcomes)]
    copies: int = Field(ge=0, description="new articles that copy another one")
    sources_read: int = Field(
        ge=0, description="feeds, sitemaps and listings that answered, also 'not modified'"
    )
    sources_failed: int = Field(ge=0)
    pages: int = Field(ge=0, description="fetched pages that were tried as articles")
    fill: Annotated[dict[str, float] | None, AfterValidator(_all_rates)] = Field(
        description="share of those pages with a title, body, date, author; None when there were none"
    )
    newest_published_at: UtcDatetime | None = Field(
        description="of the articles this run saw, known ones too"
    )
    waiting: int = Field(ge=0, description="what the outbox held at the end of the run, articles and states")
    dead: int = Field(ge=0, description="what the outbox held then of refused articles")
    problems: list[str] = Field(max_length=PROBLEMS, description="what went wrong, a line each")


def stored_run(source: Mapping[str, Any]) -> RunDocument:
    """The run of a stored record, also of another version's: what only that one knows is left out.

    An outcome that it does not count is 0 here. Raises pydantic's ValidationError for what is no run at all.
    """
    fields = {name: value for name, value in source.items() if name in RunDocument.model_fields}
    if isinstance(counts := fields.get("outcomes"), dict):
        fields["outcomes"] = {name: counts.get(name, 0) for name in OUTCOMES}
    if isinstance(rates := fields.get("fill"), dict):
        fields["fill"] = {name: rates[name] for name in FILLED} if rates.keys() >= set(FILLED) else None
    return RunDocument.model_validate(fields, strict=False)  # times are text in JSON


def run_id(site: str, started_at: datetime, host: str) -> str:
    """The id of a run: the same run put again replaces itself."""
    key = "\x00".join((site, started_at.isoformat(), host))
    return blake2b(key.encode(errors="surrogateescape"), digest_size=16).hexdigest()


def shortened(problems: Iterable[str]) -> list[str]:
    """Lines that fit into a document; the last one says how many were left out."""
    lines = [" ".join(line.split())[:PROBLEM_LENGTH] for line in problems]
    if len(lines) <= PROBLEMS:
        return lines
    return [*lines[: PROBLEMS - 1], f"and {len(lines) - PROBLEMS + 1} more"]


def newest(runs: Iterable[RunDocument]) -> dict[str, RunDocument]:
    """Each site's newest run, by its start."""
    return {run.site: run for run in sorted(runs, key=in_order)}


def in_order(run: RunDocument) -> tuple[datetime, str]:
    """Sorts runs by their start; of several at one moment by id, so that every engine has one order."""
    return run.started_at, run.id
