"""The crontab of the user who runs this, read and written by the system's own `crontab` program."""

from __future__ import annotations

import os
import shutil
import subprocess

from crawler.schedule.refusal import ScheduleRefused

_SECONDS = 30  # the program answers at once, or waits for something that will not come
_MISSING = (
    "there is no program 'crontab' on this machine: install cron (Debian, Ubuntu: apt-get install cron; Fedora: "
    "dnf install cronie), or use systemd: svodka schedule install --format systemd"
)


def read_crontab() -> str:
    """The user's crontab, '' when there is none; bytes that are no UTF-8 survive being written back."""
    done = _crontab("-l")
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == 0:
        return _exact(done.stdout.decode("utf-8", "surrogateescape"))
    if "no crontab" in said.lower() or "no such file" in said.lower():
        return ""
    raise ScheduleRefused(f"the crontab cannot be read: {said or f'crontab -l ended with {done.returncode}'}")


def write_crontab(text: str) -> None:
    """Replace the user's crontab, or delete it when nothing is left in it; proves that it was kept."""
    done = _crontab("-", text) if text else _crontab("-r")
    if done.returncode and (text or read_crontab()):  # there may be none to delete
        said = done.stderr.decode("utf-8", "replace").strip()
        raise ScheduleRefused(f"the crontab cannot be written, and is as it was: {said}")
    if read_crontab() != text:
        raise ScheduleRefused(
            "crontab has kept something else than it was given: look at it with 'crontab -l'"
        )


def _exact(listed: str) -> str:
    r"""What a listed crontab holds: Debian's `crontab -l` shows a carriage return as `\r` (measured, 3.0pl1-162).

    Writing that back would change a line of somebody else's, so such a crontab is read as an editor is shown it.
    """
    if r"\r" not in listed:
        return listed
    shown = _crontab("-e", VISUAL="cat", EDITOR="cat").stdout.decode("utf-8", "surrogateescape")
    if shown.replace("\r", r"\r") != listed:
        raise ScheduleRefused(
            r"the crontab cannot be read exactly: it has carriage returns, or the text \r. Take them out "
            "('crontab -e') and try again"
        )
    return shown


def _crontab(argument: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("crontab")
    if program is None:
        raise ScheduleRefused(_MISSING)
    try:
        return subprocess.run(  # noqa: S603 - the system's program, with fixed arguments
            [program, argument],
            input=text.encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C", **environment},  # "no crontab for ..." is read
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScheduleRefused(f"crontab {argument}: {error}") from None
