"""By which rules the stories of an index were judged, so that nobody has to remember when to judge them anew.

A new version of the program may have other rules than the one that filled the index. What is crawled from then on
is judged by the new ones, what is stored keeps the verdicts of the old: both are right by their own rules, and
together they depend on when each article came. `svodka index reconcile --all` ends that and notes the rules.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from index.backend import IndexMissing
from index.stories import parameters

if TYPE_CHECKING:
    from index.backend import Backend

KEY = "rules"  # of the state that holds the note
EDITION = 3  # raise it with each change of the rules that no number of `parameters` shows


def rules() -> str:
    """The rules of this program: their edition and a digest of every number they use."""
    numbers = {name: value for name, value in vars(parameters).items() if name.isupper()}
    digest = hashlib.blake2b(json.dumps(numbers, sort_keys=True).encode(), digest_size=8)
    return f"{EDITION}-{digest.hexdigest()}"


def note_rules(backend: Backend) -> None:
    """Note that every article of an index is judged by these rules."""
    backend.put_state(KEY, {"rules": rules()})


def begin_rules(backend: Backend) -> None:
    """Note the rules of an index that has no article yet."""
    if not backend.get_state(KEY) and not _articles(backend):
        note_rules(backend)


def _articles(backend: Backend) -> int:
    """How many articles there are; none in an index that has still to be made."""
    try:
        return backend.stats()["articles"]
    except IndexMissing:
        return 0


def judged_by_others(backend: Backend) -> bool:
    """Whether articles may have been judged by other rules: the note names others, or there is none."""
    noted = backend.get_state(KEY).get("rules")
    return noted != rules() and _articles(backend) > 0
