"""A systemd service and timer that run `svodka crawl --due`, for machines without cron (systemd.timer(5))."""

from __future__ import annotations

import shlex
from pathlib import Path

from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.surroundings import Surroundings

SERVICE, TIMER = "svodka-crawl.service", "svodka-crawl.timer"
_OURS = "# Written by 'svodka schedule install --format systemd'."
_JITTER = 20  # seconds, so that many machines do not ask at the same moment
_STOP = 120  # seconds to end in good order after SIGTERM: requests under way, and the outbox's last attempt


def units(surroundings: Surroundings, every: int) -> dict[str, str]:
    """The unit files by name, for a crawl that looks what is due every so many minutes."""
    return {SERVICE: _service(surroundings), TIMER: _timer(every)}


def write_units(folder: Path, files: dict[str, str]) -> list[Path]:
    """Write unit files; those whose text was another, the others are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = [folder / name for name, text in files.items() if _text(folder / name) != text]
    for path in changed:
        path.write_text(files[path.name], encoding="utf-8")
    return changed


def next_steps(folder: Path) -> str:
    """What to run once the files are written."""
    if folder == user_units():
        return (
            "systemctl --user daemon-reload\n"
            f"systemctl --user enable --now {TIMER}\n"
            "loginctl enable-linger    # so that it runs while you are logged out\n"
            f"systemctl --user list-timers {TIMER}; journalctl --user -u {SERVICE}"
        )
    files = shlex.join(str(folder / name) for name in (SERVICE, TIMER))
    return (
        f"sudo cp {files} /etc/systemd/system/    # then add User= to the service\n"
        f"sudo systemctl daemon-reload && sudo systemctl enable --now {TIMER}"
    )


def steps_to_end(folder: Path) -> str:
    """What to run so that the units in a user's folder are gone; '' where there are none of ours."""
    ours = [folder / name for name in (SERVICE, TIMER) if (_text(folder / name) or "").startswith(_OURS)]
    if not ours:
        return ""
    files = shlex.join(map(str, ours))
    return f"systemctl --user disable --now {TIMER}\nrm {files}\nsystemctl --user daemon-reload"


def user_units() -> Path:
    """Where systemd looks for a user's units."""
    return Path.home() / ".config/systemd/user"


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _service(surroundings: Surroundings) -> str:
    settings = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in surroundings.settings.items()
    )
    command = " ".join(
        _quoted(each).replace("$", "$$") for each in (*surroundings.program, *surroundings.crawl())
    )
    return f"""\
{_OURS}
[Unit]
Description=Svodka: crawl the news sites that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_plain(str(surroundings.folder))}
{settings}ExecStart={command}
KillMode=mixed
TimeoutStopSec={_STOP}
"""


def _timer(every: int) -> str:
    return f"""\
{_OURS}
[Unit]
Description=Svodka: look every {f"{every} minutes" if every > 1 else "minute"} which news sites are due

[Timer]
OnCalendar={"*:0/" + str(every) if every < 60 else "hourly"}
Persistent=true
RandomizedDelaySec={_JITTER}
AccuracySec=1s

[Install]
WantedBy=timers.target
"""


def _quoted(word: str) -> str:
    """A word for ExecStart= and Environment= (systemd.syntax(7))."""
    escaped = _plain(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if escaped != word or shlex.quote(word) != word else word


def _plain(text: str) -> str:
    """Text in which `%` stands for itself."""
    if any(character in text for character in "\r\n\0"):
        raise ScheduleRefused(
            f"a unit file cannot hold a line break: {text!r}; rename the folder or the setting"
        )
    return text.replace("%", "%%")
