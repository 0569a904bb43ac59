"""How `svodka` reads its command line: argparse, with messages of the command that was meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

_WITHOUT_VALUE = re.compile(r"argument (?P<option>--[\w-]+).*: expected one argument")


class CommandParser(argparse.ArgumentParser):
    """The parser of `svodka` and of each of its commands: what one does not know, it refuses with its own usage."""

    def parse_known_args(  # type: ignore[override]  # typeshed has overloads for other namespaces, argparse has none
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse all arguments; those that are not known end the program."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, []

    def error(self, message: str) -> NoReturn:
        """End with the usage and the message; of a value that begins with a hyphen how to write it."""
        if missing := _WITHOUT_VALUE.fullmatch(message):
            message += f" (one that begins with a hyphen is written {missing['option']}=VALUE)"
        super().error(message)


class SearchParser(CommandParser):
    """Takes arguments that are none of its options as words of the query: `search Путин --limit 5 -спорт`."""

    def parse_known_args(  # type: ignore[override]  # as above
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse all arguments; unknown ones that begin with two hyphens end the program."""
        found, rest = argparse.ArgumentParser.parse_known_args(self, args, namespace)
        if unknown := [each for each in rest if each.startswith("--") and each != "--"]:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        found.query += [each for each in rest if each != "--"]
        return found, []
