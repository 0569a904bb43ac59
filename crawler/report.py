"""`CrawlReport`: the end of `svodka crawl`, as a table, as JSON and as an exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.outcome import OUTCOMES
from index.exit_codes import FAILED, INDEX, INTERRUPTED, OK

if TYPE_CHECKING:
    from rich.console import Console

    from crawler.record import RunRecord
    from crawler.site import Fault

COLUMNS = ("indexed", "known", "unchanged", "revised", "deferred")  # the rest is rejected


@dataclass(slots=True)
class CrawlReport:
    """All runs of one `svodka crawl`, in the order of their sites, and the site files that had faults."""

    records: list[RunRecord] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 only if every site ran and nothing failed; see `index.exit_codes`."""
        if any(record.finish == "index_error" or _index_errors(record) for record in self.records):
            return INDEX
        if any(record.finish == "shutdown" for record in self.records):
            return INTERRUPTED
        return FAILED if self.faults or any(record.failed for record in self.records) else OK

    def totals(self) -> Counter[str]:
        """Counts of every outcome over all sites."""
        total: Counter[str] = Counter()
        for record in self.records:
            total.update(record.outcomes)
        return total

    def as_json(self) -> dict[str, Any]:
        """The object that `svodka crawl --json` prints."""
        return {
            "exit_code": self.exit_code,
            "found": sum(record.found for record in self.records),
            "outcomes": {outcome: self.totals().get(outcome, 0) for outcome in OUTCOMES},
            "copies": sum(record.copies for record in self.records),
            "sites": [record.model_dump(mode="json") for record in self.records],
            "faults": [str(fault) for fault in self.faults],
        }

    def print(self, console: Console) -> None:
        """The summary table."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("site", no_wrap=True)
        for name in ("links", "new", "known", "unchanged", "revised", "copies", "left"):
            table.add_column(name, justify="right")
        table.add_column("seconds", justify="right")
        table.add_column("rejected", overflow="fold")
        for record in self.records:
            table.add_row(*_row(record), style="red" if record.failed else "")
        if len(self.records) > 1:
            table.add_section()
            table.add_row(*self._total_row(), style="bold")
        console.print(table)

    def print_problems(self, console: Console) -> None:
        """One line for everything that somebody has to look at; for standard error, so that cron mails it."""
        for line in self.problems():
            console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)

    def _total_row(self) -> list[str]:
        total = self.totals()
        found = sum(record.found for record in self.records)
        copies = sum(record.copies for record in self.records)
        seconds = max((record.seconds for record in self.records), default=0.0)
        return [
            "all",
            str(found),
            *_counts(total),
            str(copies),
            str(total["deferred"]),
            f"{seconds:.1f}",
            _rejected(total),
        ]

    def problems(self) -> list[str]:
        """One line for each source, link or run that failed, and each faulty site file."""
        lines = [f"! {fault}" for fault in self.faults]
        for record in self.records:
            lines += [
                f"! {record.site}: {source.kind} {source.url}: {source.reason}"
                for source in record.sources
                if source.status == "failed"
            ]
            lines += [f"! {record.site}: {error}" for error in record.errors]
            if record.finish == "shutdown" and not record.errors:
                lines.append(f"! {record.site}: stopped by a signal; what is left waits for the next run")
            lines += [
                f"! {record.site}: {count} {reason}"
                for reason, count in record.reasons.items()
                if reason.startswith("failed:")
            ]
        return lines


def _row(record: RunRecord) -> list[str]:
    counts = Counter(record.outcomes)
    return [
        record.site,
        str(record.found),
        *_counts(counts),
        str(record.copies),
        str(counts["deferred"]),
        f"{record.seconds:.1f}",
        _rejected(counts),
    ]


def _counts(outcomes: Counter[str]) -> list[str]:
    return [str(outcomes[name]) for name in COLUMNS[:4]]


def _rejected(outcomes: Counter[str]) -> str:
    """Counts of what was not stored; no blank between a count and its word, so that no line breaks there."""
    return ", ".join(
        f"{outcomes[name]}×{name}" for name in OUTCOMES if name not in COLUMNS and outcomes[name]
    )


def _index_errors(record: RunRecord) -> bool:
    return any(error.startswith("index: ") for error in record.errors)
