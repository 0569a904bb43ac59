"""`CrawlReport`: the end of `svodka crawl`, as a table, as JSON and as an exit code."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.console import print_table
from crawler.leftover import Leftover
from crawler.log import formatter
from crawler.outcome import OUTCOMES
from index.exit_codes import FAILED, INDEX, INTERRUPTED, OK

if TYPE_CHECKING:
    from rich.console import Console

    from crawler.log import Format
    from crawler.record import RunRecord
    from crawler.site import Fault

COLUMNS = ("indexed", "known", "unchanged", "revised")
NOT_REJECTED = (*COLUMNS, "waiting", "deferred")


@dataclass(slots=True)
class CrawlReport:
    """All runs of one `svodka crawl`, in the order of their sites, and the site files that had faults."""

    records: list[RunRecord] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left: Leftover = field(default_factory=Leftover)

    @property
    def exit_code(self) -> int:
        """0 only if every site ran, nothing failed and all is in the index; see `index.exit_codes`."""
        codes = {record.exit for record in self.records}
        if self.left or INDEX in codes:
            return INDEX
        if INTERRUPTED in codes:
            return INTERRUPTED
        return FAILED if self.faults or FAILED in codes else OK

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
            "left": self.left.as_json(),
            "sites": [record.model_dump(mode="json") for record in self.records],
            "faults": [str(fault) for fault in self.faults],
        }

    def print(self, console: Console) -> None:
        """The summary table."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("site", no_wrap=True)
        waiting = ("waiting",) * self._any_waits()
        for name in ("links", "new", "known", "unchanged", "revised", *waiting, "copies", "left"):
            table.add_column(name, justify="right")
        table.add_column("seconds", justify="right")
        table.add_column("rejected", overflow="fold")
        for record in self.records:
            table.add_row(*self._row(record), style="red" if record.failed else "")
        if len(self.records) > 1:
            table.add_section()
            table.add_row(*self._total_row(), style="bold")
        print_table(table, console)

    def print_problems(self, console: Console) -> None:
        """One line for everything that somebody has to look at; for standard error, so that cron mails it."""
        for line in self.problems():
            console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)

    def log_problems(self, form: Format) -> None:
        """The same lines as a log has them, with their time and as text or JSON; for logs that are kept."""
        handler = logging.StreamHandler()
        handler.setFormatter(formatter(form))
        for site, line in self._by_site():
            message = line if form == "json" or not site else f"{site}: {line}"
            fields = {"name": "svodka", "levelname": "ERROR", "msg": message, "site": site or None}
            handler.handle(logging.makeLogRecord(fields))

    def _total_row(self) -> list[str]:
        total = self.totals()
        found = sum(record.found for record in self.records)
        copies = sum(record.copies for record in self.records)
        seconds = max((record.seconds for record in self.records), default=0.0)
        return [
            "all",
            str(found),
            *self._counts(total),
            str(copies),
            str(total["deferred"]),
            f"{seconds:.1f}",
            _rejected(total),
        ]

    def problems(self) -> list[str]:
        """One line for each source, link or run that failed, and each faulty site file."""
        return [f"! {site}: {line}" if site else f"! {line}" for site, line in self._by_site()]

    def _by_site(self) -> list[tuple[str, str]]:
        """Every problem, with the name of its site, '' where it is of none."""
        of_sites = [(record.site, line) for record in self.records for line in record.problems()]
        return [
            *(("", str(fault)) for fault in self.faults),
            *of_sites,
            *(("", line) for line in self._index_problems()),
        ]

    def _index_problems(self) -> list[str]:
        """What has not reached the index, and how to go on: one line each, however many sites it concerns."""
        lines = []
        if self.left.waits:
            lines.append(f"index: {_told(self.left)}")
        if dead := max(self.left.dead, sum(record.refused for record in self.records)):
            why = f" ({self.left.dead_reason})" if self.left.dead_reason else ""
            lines.append(
                f"index: {_number(dead, 'article')} refused and kept as dead letters{why}: 'svodka status' has all "
                "reasons; when they are mended, 'svodka index replay --dead'"
            )
        if unlinked := [record for record in self.records if record.unlinked]:
            lines.append(
                f"index: new articles of {_number(len(unlinked), 'site')} are not in stories yet "
                f"({unlinked[0].unlinked}): the next crawl sees to it, or 'svodka index replay'"
            )
        elif self.left.unlinked:
            lines.append(
                f"index: {_number(self.left.unlinked, 'article')} of earlier crawls sent, and not in stories yet: "
                "the next crawl sees to it, or 'svodka index replay'"
            )
        return lines

    def _any_waits(self) -> bool:
        return self.totals()["waiting"] > 0

    def _row(self, record: RunRecord) -> list[str]:
        counts = Counter(record.outcomes)
        return [
            record.site,
            str(record.found),
            *self._counts(counts),
            str(record.copies),
            str(counts["deferred"]),
            f"{record.seconds:.1f}",
            _rejected(counts),
        ]

    def _counts(self, outcomes: Counter[str]) -> list[str]:
        names = (*COLUMNS, "waiting") if self._any_waits() else COLUMNS
        return [str(outcomes[name]) for name in names]


def _told(left: Leftover) -> str:
    """What is left behind and what to do about it."""
    parts = [_number(left.articles, "article")] * bool(left.articles)
    parts += [_number(left.states, "crawl state")] * bool(left.states)
    since = f" since {left.since:%F %R} UTC" if left.since else ""
    waits = f"{' and '.join(parts)} wait{'s' * (left.articles + left.states == 1)} on this machine{since}"
    why = left.error or left.reason
    if not parts:
        return f"{why}: what waits is sent by 'svodka index replay' or the next crawl"
    return (
        f"{waits}{f' ({why})' if why else ''}: the next crawl sends what waits, 'svodka index replay' at once"
    )


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


def _rejected(outcomes: Counter[str]) -> str:
    """Counts of what was not stored; no blank between a count and its word, so that no line breaks there."""
    return ", ".join(
        f"{outcomes[name]}×{name}" for name in OUTCOMES if name not in NOT_REJECTED and outcomes[name]
    )
