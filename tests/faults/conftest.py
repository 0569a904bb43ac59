from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.desk import Desk
from tests.faults.account import Account
from tests.faults.made_up import MadeUp
from tests.faults.newsroom import Newsroom, made_up_newsroom, sample_newsroom
from tests.nodes.access import Access

OpenNewsroom = Callable[..., Newsroom]


@pytest.fixture
def open_newsroom(
    desk: Desk, index_name: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Newsroom]]:
    """Opens the test's newsroom at a cluster, on the sample sites or on made-up ones; its account is written at the end."""
    with ExitStack() as stack:

        def opened(access: Access, engine: str, made_up: MadeUp | None = None, **more: str) -> Newsroom:
            fault = request.node.originalname.removeprefix("test_").replace("_", " ")
            account = Account(fault, engine)
            environment = access.environment(index_name) | more
            room = (
                sample_newsroom(desk, environment, account)
                if made_up is None
                else made_up_newsroom(desk, environment, account, made_up)
            )
            stack.callback(account.write)
            return stack.enter_context(room)

        yield opened
