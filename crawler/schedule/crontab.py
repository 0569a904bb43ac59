"""The block of lines that is ours in a crontab, between two marker lines; every other line is somebody else's."""

from __future__ import annotations

from crawler.schedule.refusal import ScheduleRefused

BEGIN = "# >>> svodka schedule >>>"
END = "# <<< svodka schedule <<<"
_FOLDER = "# folder: "
_LONGEST = 998  # characters of a command; Debian's crontab refuses 1000 (MAX_COMMAND)


def make_block(folder: str, lines: list[str]) -> str:
    """The block for the crawl in a folder; raises `ScheduleRefused` for a line that cron cannot hold."""
    head = "# Written by 'svodka schedule install', which writes it anew; 'svodka schedule remove' takes it away."
    for line in (folder, *lines):
        if any(character in line for character in "\r\n\0"):
            raise ScheduleRefused(
                f"a crontab cannot hold a line break: {line!r}; rename the folder or the setting"
            )
        if len(line.encode("utf-8", "surrogateescape")) > _LONGEST:
            raise ScheduleRefused(
                f"the line is longer than the {_LONGEST} bytes that cron takes: move settings from the environment "
                f"into svodka.toml. It begins: {line[:120]}"
            )
    return "".join(f"{line}\n" for line in (BEGIN, head, f"{_FOLDER}{folder}", *lines, END))


def escape_percent(command: str) -> str:
    r"""A command for a crontab, where `%` ends it unless it is written `\%` (crontab(5))."""
    return command.replace("%", r"\%")


def installed_block(text: str) -> str:
    """The block in a crontab, '' when there is none; raises `ScheduleRefused` for damaged markers."""
    place = _place(text)
    return "".join(_lines(text)[place[0] : place[1]]) if place else ""


def folder_of(block: str) -> str:
    """The folder that a block crawls in, '' when it does not say."""
    lines = (line.rstrip("\r\n") for line in _lines(block))
    return next((line.removeprefix(_FOLDER) for line in lines if line.startswith(_FOLDER)), "")


def with_block(text: str, block: str) -> str:
    """A crontab with the block: in the place of the one that is there, else at its end.

    A last line without a line end gets one: cron does not run such a line, and `crontab` refuses it.
    """
    lines = _lines(text)
    if place := _place(text):
        return "".join([*lines[: place[0]], block, *lines[place[1] :]])
    return text + ("\n" if text and not text.endswith("\n") else "") + block


def without_block(text: str) -> str:
    """A crontab without the block; the same text when there is none."""
    lines = _lines(text)
    place = _place(text)
    return "".join(lines[: place[0]] + lines[place[1] :]) if place else text


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as cron has it."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]] * (
        not text.endswith("\n")
    )


def _place(text: str) -> tuple[int, int] | None:
    """First line of the block, and the first behind it."""
    lines = [line.strip() for line in _lines(text)]
    begins = [number for number, line in enumerate(lines) if line == BEGIN]
    ends = [number for number, line in enumerate(lines) if line == END]
    if not begins and not ends:
        return None
    if len(begins) == len(ends) == 1 and begins[0] < ends[0]:
        return begins[0], ends[0] + 1
    raise ScheduleRefused(_damage(begins, ends))


def _damage(begins: list[int], ends: list[int]) -> str:
    found = [f"line {number + 1}: {BEGIN}" for number in begins] + [
        f"line {number + 1}: {END}" for number in ends
    ]
    return (
        "the crontab's block is damaged: there has to be one line of each marker, in this order:\n"
        f"  {BEGIN}\n  {END}\nFound are\n  " + "\n  ".join(found) + "\n"
        "Nothing was changed. Run 'crontab -e', delete these lines and what belongs to Svodka between them, and "
        "try again"
    )
