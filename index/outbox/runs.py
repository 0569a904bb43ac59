"""`Runs`: run records on their way to the index, and the last one of each site that ran on this machine.

They travel as the crawl states do, under keys of their own: claimed, sent, put off and counted in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.runs import RunDocument

if TYPE_CHECKING:
    from index.outbox.states import States

PREFIX = "run/"  # run/SITE/ID; the name of a site has no slash


class Runs:
    """The run records among the states of an outbox."""

    def __init__(self, states: States) -> None:
        self.states = states

    def write(self, run: RunDocument) -> None:
        """Keep a run that has to be sent; an earlier one of its site that was sent makes room for it."""
        prefix = f"{PREFIX}{run.site}/"
        self.states.write(f"{prefix}{run.id}", run.model_dump_json())
        self.states.forget_sent(prefix, but=f"{prefix}{run.id}")

    def waiting(self) -> list[RunDocument]:
        """Those that the index does not have yet; what another version has written is left out."""
        return self._read(waiting=True)

    def all(self) -> list[RunDocument]:
        """Those that wait, and the last of each site."""
        return self._read(waiting=False)

    def _read(self, *, waiting: bool) -> list[RunDocument]:
        found = (_run(state.text) for state in self.states.beginning(PREFIX) if state.dirty or not waiting)
        return [run for run in found if run is not None]


def _run(text: str) -> RunDocument | None:
    try:
        return RunDocument.model_validate_json(text)
    except ValueError:  # the sender tells of it and puts it off
        return None
