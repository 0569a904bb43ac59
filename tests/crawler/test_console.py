from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.table import Table

from crawler.console import print_table


def written(*, terminal: bool) -> list[str]:
    table = Table("name", "rejected", box=None, pad_edge=False)
    table.add_row("[i]a.example[/i]", "")
    table.add_row("a-longer-name.example", "1×robots, 2×too_short")
    file = StringIO()
    print_table(table, Console(file=file, width=60, force_terminal=terminal, color_system=None))
    return file.getvalue().splitlines()


def test_lines_of_a_file_end_with_their_last_letter() -> None:
    lines = written(terminal=False)
    assert lines == [line.rstrip() for line in lines]
    assert [line.rstrip() for line in written(terminal=True)] == lines
    assert lines[1:] == ["a.example", "a-longer-name.example  1×robots, 2×too_short"]
