from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.schedule.cron_lines import EVERY
from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.surroundings import Surroundings
from crawler.schedule.systemd import SERVICE, TIMER, next_steps, steps_to_end, units, user_units, write_units

SETTINGS = {"PATH": "/usr/bin:/bin", "SVODKA_CONTACT": 'the "desk" 50% \\ $HOME'}


def make_surroundings(folder: Path, program: str = "/bin/true") -> Surroundings:
    return Surroundings(folder, (program,), SETTINGS)


needs_analyze = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine"
)


@needs_analyze
@pytest.mark.parametrize("every", EVERY)
def test_systemd_itself_accepts_the_units(tmp_path: Path, every: int) -> None:
    folder = tmp_path / "a 50% desk"
    folder.mkdir()
    files = units(make_surroundings(folder), every)
    paths = write_units(tmp_path / "units", files)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "svodka" in line]
    assert not ours
    assert done.returncode == 0
    calendar = next(line for line in files[TIMER].splitlines() if line.startswith("OnCalendar="))
    shown = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", calendar.partition("=")[2]],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Next elapse" in shown.stdout


def test_what_systemd_would_take_for_its_own_is_escaped(tmp_path: Path) -> None:
    files = units(make_surroundings(tmp_path / "50%", "/opt/a $b/svodka"), 5)
    service = files[SERVICE].splitlines()
    assert f"WorkingDirectory={tmp_path}/50%%" in service
    assert 'Environment="SVODKA_CONTACT=the \\"desk\\" 50%% \\\\ $HOME"' in service
    assert 'ExecStart="/opt/a $$b/svodka" crawl --due' in service


def test_the_timer_catches_up_and_does_not_fire_on_the_second(tmp_path: Path) -> None:
    timer = units(make_surroundings(tmp_path), 5)[TIMER].splitlines()
    assert {"OnCalendar=*:0/5", "Persistent=true", "RandomizedDelaySec=20", "WantedBy=timers.target"} <= set(
        timer
    )


def test_units_are_written_once(tmp_path: Path) -> None:
    files = units(make_surroundings(tmp_path), 5)
    assert len(write_units(tmp_path / "deep/units", files)) == 2
    assert write_units(tmp_path / "deep/units", files) == []
    changed = units(make_surroundings(tmp_path), 10)
    assert write_units(tmp_path / "deep/units", changed) == [tmp_path / "deep/units" / TIMER]


def test_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScheduleRefused, match="line break"):
        units(Surroundings(tmp_path / "a\nb", ("/bin/true",), {}), 5)


def test_what_to_run_next_depends_on_the_folder(tmp_path: Path) -> None:
    assert "systemctl --user enable --now svodka-crawl.timer" in next_steps(user_units())
    assert f"sudo cp {tmp_path}/svodka-crawl.service" in next_steps(tmp_path)


def test_what_ends_the_units_that_are_there(tmp_path: Path) -> None:
    assert steps_to_end(tmp_path / "nowhere") == ""
    write_units(tmp_path, units(make_surroundings(tmp_path), 5))
    ending = steps_to_end(tmp_path).splitlines()
    assert ending[0] == f"systemctl --user disable --now {TIMER}"
    assert ending[1] == f"rm {tmp_path / SERVICE} {tmp_path / TIMER}"
    for name in (SERVICE, TIMER):
        (tmp_path / name).write_text("[Unit]\nDescription=another's\n")
    assert steps_to_end(tmp_path) == ""
