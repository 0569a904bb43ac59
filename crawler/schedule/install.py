"""`svodka schedule install` and `remove`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.schedule.cron_lines import EVERY, due_line, fitting_every, rotation_line, site_lines
from crawler.schedule.crontab import folder_of, installed_block, make_block, with_block, without_block
from crawler.schedule.machine_zone import machine_zone
from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.surroundings import Surroundings, surroundings
from crawler.schedule.systemd import next_steps, steps_to_end, units, user_units, write_units
from crawler.schedule.user_crontab import read_crontab, write_crontab
from index.clock import process_clock
from index.exit_codes import OK

if TYPE_CHECKING:
    from crawler.site import Site

LOGS = Path("var/log")


def install(args: argparse.Namespace, sites: Sequence[Site]) -> int:
    """Write the block or the units; raises `ScheduleRefused` when that cannot be done."""
    found = surroundings(_given(args), Path.cwd(), args.log_format)
    if args.every is not None and args.every not in EVERY:
        raise ScheduleRefused(
            f"--every {args.every} does not divide an hour; {', '.join(map(str, EVERY))} do"
        )
    if args.format == "systemd":
        return _install_units(args, found, args.every or fitting_every(sites))
    if args.output is not None:
        raise ScheduleRefused("--output is for --format systemd; the crontab has its own place")
    logs = (args.log_dir or LOGS).absolute()
    block, warnings = _block(args, sites, found, logs)
    for warning in warnings:
        print(f"! {warning}", file=sys.stderr)
    if args.dry_run:
        sys.stdout.write(block)
        return OK
    return _write(block, logs)


def _given(args: argparse.Namespace) -> dict[str, str]:
    """The environment with what the command line says over it."""
    given = dict(os.environ)
    if args.index:
        given["SVODKA_INDEX"] = args.index
    if args.folder is not None:
        given["SVODKA_SITES"] = str(args.folder.absolute())
    return given


def _block(
    args: argparse.Namespace, sites: Sequence[Site], found: Surroundings, logs: Path
) -> tuple[str, list[str]]:
    """The block, and what the user has to know about it."""
    lines: list[str] = []
    warnings: list[str] = []
    if args.per_site:
        zone, now = machine_zone(), process_clock()()
        for site in sites:
            own, warning = site_lines(found, site, logs, zone, now)
            lines += own
            warnings += [warning] * bool(warning)
    else:
        lines.append(due_line(found, args.every or fitting_every(sites), logs))
    return make_block(str(found.folder), [*lines, rotation_line(found.folder, logs)]), warnings


def _write(block: str, logs: Path) -> int:
    before = read_crontab()
    there = installed_block(before)
    other = folder_of(there)
    if there == block:
        print("the crontab is already so")
        return OK
    if there and other != folder_of(block):
        raise ScheduleRefused(
            f"the crontab runs the crawl of another folder, {other or 'which it does not name'}: remove it first "
            "('svodka schedule remove'), or schedule this one as another user"
        )
    logs.mkdir(parents=True, exist_ok=True)
    write_crontab(with_block(before, block))
    print(f"{'changed' if there else 'added'} in the crontab:")
    sys.stdout.write("".join(f"  {line}\n" for line in block.splitlines()))
    print(
        f"Its output goes to {logs}. 'svodka schedule next' shows what comes, 'svodka schedule remove' ends it."
    )
    return OK


def _install_units(args: argparse.Namespace, found: Surroundings, every: int) -> int:
    if args.per_site or args.log_dir is not None:
        option = "--per-site" if args.per_site else "--log-dir"
        raise ScheduleRefused(
            f"{option} is for a crontab: the timer follows every site's zone by itself, and the journal has the output"
        )
    files = units(found, every)
    if args.dry_run:
        sys.stdout.write("\n".join(f"# {name}\n{text}" for name, text in files.items()))
        return OK
    folder = (args.output or user_units()).absolute()
    written = write_units(folder, files)
    print("".join(f"wrote {path}\n" for path in written) or f"the units in {folder} are already so\n", end="")
    print(f"Now run:\n{next_steps(folder)}")
    return OK


def remove(args: argparse.Namespace) -> int:
    """Take the block out of the crontab; raises `ScheduleRefused` when its markers are damaged."""
    before = read_crontab()
    block = installed_block(before)
    if not block:
        print("the crontab has no block of Svodka's")
        _tell_of_units()
        return OK
    if args.dry_run:
        sys.stdout.write(block)
        return OK
    write_crontab(without_block(before))
    print(f"removed from the crontab: the crawl of {folder_of(block)}")
    _tell_of_units()
    return OK


def _tell_of_units() -> None:
    """systemd's units are not ours to stop; who wants the schedule to end has to know of them."""
    folder = user_units()
    if ending := steps_to_end(folder):
        print(f"systemd's units in {folder} are still there. To end them, run:\n{ending}")
