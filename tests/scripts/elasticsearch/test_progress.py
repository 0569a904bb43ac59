from __future__ import annotations

import io

from scripts.elasticsearch.progress import Progress

MB = 1_000_000


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_one_line_ticks_on_a_terminal() -> None:
    out = Terminal()
    progress = Progress(900 * MB, out)
    for done in (0, 300 * MB, 900 * MB):
        progress.show(done)
    progress.end()
    assert out.getvalue() == "\r  0 of 900 MB\r  300 of 900 MB\r  900 of 900 MB\n"


def test_each_quarter_is_a_line_elsewhere() -> None:
    out = io.StringIO()
    progress = Progress(900 * MB, out)
    for done in range(0, 901, 50):
        progress.show(done * MB)
    progress.end()
    assert out.getvalue().splitlines() == [f"  {done} of 900 MB" for done in (250, 450, 700, 900)]
