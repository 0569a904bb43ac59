from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.lock import SiteLock, SiteLocked, is_locked, lock_path
from index.backend import IndexUnavailable


def test_one_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    assert not is_locked(path)
    one, two = SiteLock(path), SiteLock(path)
    one.take()
    assert is_locked(path)
    with pytest.raises(SiteLocked, match=f"process {os.getpid()}"):
        two.take()
    one.release()
    one.release()
    assert not is_locked(path)
    two.take()
    two.release()
    assert path.exists()


LOOKING = """
import sys
from pathlib import Path
from crawler.lock import is_locked
path = Path(sys.argv[1])
print("looking", flush=True)
while True:
    is_locked(path)
"""


def test_who_only_looks_refuses_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    path.touch()
    looking = subprocess.Popen([sys.executable, "-c", LOOKING, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert looking.stdout is not None
        assert looking.stdout.readline() == "looking\n"
        for _ in range(1_000):
            lock = SiteLock(path)
            lock.take()
            lock.release()
    finally:
        looking.kill()
        looking.communicate()


def test_it_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    code = "import sys; from pathlib import Path; from crawler.lock import SiteLock; "
    code += "lock = SiteLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(SiteLocked, match=f"process {process.pid}"):
        SiteLock(path).take()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    SiteLock(path).take()


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match="give this user write access"):
        SiteLock(tmp_path / "file" / "a.lock").take()


def test_the_lock_is_named_after_index_and_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(tmp_path))
    assert lock_path("sqlite:////var/news.db", "ria.ru") == Path("/var/locks/news-ria.ru.lock")
    assert lock_path("sqlite:///var/news.db", "ria.ru") == Path.cwd() / "var/locks/news-ria.ru.lock"
    assert lock_path("https://es:9200", "ria.ru") == tmp_path / "locks/es-9200-news-ria.ru.lock"
