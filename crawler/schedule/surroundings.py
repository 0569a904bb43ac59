"""What a scheduled crawl has to be given, since cron starts it with next to no environment: settings and places."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.schedule.refusal import ScheduleRefused
from index.backend import IndexUnavailable
from index.settings import check_address

if TYPE_CHECKING:
    from crawler.log import Format

PATH = "/usr/local/bin:/usr/bin:/bin"
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")
_SECRET = re.compile(r"_(KEY|PASSWORD|SECRET|TOKEN)$")
_PATHS = re.compile(r"SVODKA_(SITES|CONFIG|AGENCIES|ELASTICSEARCH_CA|OUTBOX_FOLDER|\w+_FILE)")
# A clock that stands, settings of tests, those of `svodka kibana`, which no crawl asks for, and what Docker and Kubernetes set for services of such a name.
_NOT_CARRIED = re.compile(r"SVODKA_(NOW|TEST_.*|KIBANA_.*|ELASTICSEARCH_(SERVICE_.*|PORT(_.*)?))")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where and with which settings `svodka` is run, and how its crawls log."""

    folder: Path
    program: tuple[str, ...]
    settings: Mapping[str, str]
    log_format: Format = "text"

    def crawl(self, *sites: str) -> tuple[str, ...]:
        """The arguments of a crawl of what is due, of these sites or of all."""
        log_format = () if self.log_format == "text" else ("--log-format", self.log_format)
        return ("crawl", "--due", *log_format, *sites)

    def shell(self, *arguments: str) -> str:
        """The command line of a `svodka` command for sh."""
        settings = (f"{name}={shlex.quote(value)}" for name, value in self.settings.items())
        return f"cd {shlex.quote(str(self.folder))} && {' '.join(settings)} {shlex.join([*self.program, *arguments])}"


def surroundings(environment: Mapping[str, str], folder: Path, log_format: Format = "text") -> Surroundings:
    """The surroundings of a command that is run in a folder with an environment.

    Raises `ScheduleRefused` for a password or key, which is no setting for a crontab that others may read.
    """
    settings = {"PATH": PATH}
    for name in sorted(environment):
        if environment[name] and _carried(name):
            _refuse_secret(name, environment[name], environment)
            settings[name] = _absolute(name, environment[name], folder)
    for name in [each for each in settings if _SECRET.search(each)]:
        del settings[name]  # its file is named too, and is enough
    return Surroundings(folder, _program(), settings, log_format)


def _carried(name: str) -> bool:
    return name in _PROXIES or (name.startswith("SVODKA_") and not _NOT_CARRIED.fullmatch(name))


def _refuse_secret(name: str, value: str, environment: Mapping[str, str]) -> None:
    if _SECRET.search(name) and not environment.get(f"{name}_FILE"):
        raise ScheduleRefused(
            f"{name} is set in this shell only, and a crontab is no place for a secret. Write it into a file that "
            f"only you can read (chmod 600), and name that: export {name}_FILE=/path/to/it, or "
            f"{name.removeprefix('SVODKA_ELASTICSEARCH_').lower()}_file in svodka.toml; then unset {name}"
        )
    if name in _PROXIES and "@" in value:
        raise ScheduleRefused(
            f"{name} holds a password, and a crontab is no place for one: let the proxy know this machine by its "
            f"address, or start the crawl from a script of your own. Without the proxy: env -u {name} svodka …"
        )
    if name == "SVODKA_INDEX" and not value.startswith("sqlite:"):
        try:
            check_address(value)
        except IndexUnavailable as error:
            raise ScheduleRefused(f"SVODKA_INDEX: {error}") from None


def _absolute(name: str, value: str, folder: Path) -> str:
    if name == "SVODKA_OUTBOX_FOLDER":
        return str(folder / _expanded(name, value))
    if _PATHS.fullmatch(name):
        return str(folder / value)
    relative = re.fullmatch("sqlite:///([^/].*)", value)
    if relative and name == "SVODKA_INDEX":
        return f"sqlite:///{folder / _expanded(name, relative[1])}"
    return value


def _expanded(name: str, path: str) -> Path:
    """A path with the home folder that its `~` means, as in every other command."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:  # ~nobody
        raise ScheduleRefused(f"{name}: {path}: {error}") from None


def _program() -> tuple[str, ...]:
    """The `svodka` beside the Python that runs this, whose shebang names it; else the module."""
    beside = Path(sys.executable).parent / "svodka"
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "crawler.cli")
