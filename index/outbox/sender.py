"""`Sender`: takes what waits out of the outbox and brings it to the remote index."""

from __future__ import annotations

import logging
import random
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from index.backend import BackendError, IndexUnreachable
from index.outbox.backoff import FLOOR, Draw, delay
from index.outbox.letters import Room, Verdicts
from index.outbox.remote import Delivery

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Stored
    from index.outbox.letter import Letter
    from index.outbox.pauses import Kind
    from index.outbox.remote import Remote
    from index.outbox.store import Outbox

logger = logging.getLogger(__name__)

MOMENT = 0.1  # seconds; what another process is sending right now is looked at again after that

Seconds = Callable[[], float]
"""A clock: epoch seconds. Not the crawl's clock: leases and pauses are about this machine's real time."""

Told = Callable[[Sequence[tuple[str, "Stored"]]], None]
"""Is told what was sent: article ids and what became of them, after each batch."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What `drain` did: articles sent and refused, what is left (states too) and why."""

    sent: int = 0
    refused: int = 0
    left: int = 0
    reason: str = ""


@dataclass(slots=True)
class Round:
    """What became of one batch: answers by `seq`, and whether the index took any of it."""

    answers: dict[int, Stored] = field(default_factory=dict)
    articles: list[tuple[str, Stored]] = field(default_factory=list)


class Sender:
    """One sender of an outbox; each has its own claims. Time, chance and sleep are given by the caller."""

    def __init__(
        self,
        remote: Remote,
        outbox: Outbox,
        *,
        clock: Seconds = time.time,
        draw: Draw = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.remote, self.outbox = remote, outbox
        self.clock, self.draw, self.sleep = clock, draw, sleep
        self.owner = secrets.token_hex(8)
        self.ready: Callable[[], None] | None = None  # proves that the index can be used; called once

    def prepare(self) -> None:
        """Have the index prove that it can be used, if that was not done yet."""
        if self.ready is not None:
            self.ready()
            self.ready = None

    def admits(self, kind: Kind) -> bool:
        """Whether the index may be asked now; see `Pauses.admits`."""
        return self.outbox.pauses.admits(kind, self.clock())

    def failed(self, kind: Kind, error: IndexUnreachable) -> None:
        """Note that the index did not answer: it is left alone for a while."""
        self.outbox.pauses.failed(
            kind, self.clock(), str(error), lambda failures: delay(failures, self.draw, error.retry_after)
        )

    def ended(self, kind: Kind) -> None:
        """Note that the index answers."""
        self.outbox.pauses.ended(kind)

    def send_states(self) -> bool:
        """Send the states that wait, if that is not paused; False when the index has just not answered."""
        if not self.outbox.states.dirty() or not self.admits("state"):
            return True
        try:
            self.prepare()
            while state := self.outbox.states.claim(self.owner, self.clock(), self.outbox.letters.lease):
                self.remote.put_state(state.key, state.value)
                self.outbox.states.sent(state, self.owner)
                self.ended("state")
        except IndexUnreachable as error:
            self.failed("state", error)
            return False
        finally:
            self.outbox.states.release(self.owner)
        return True

    def send_articles(self, ids: Iterable[str]) -> dict[int, Stored]:
        """Send all that waits of these articles, the oldest text first; answers by `seq`."""
        wanted, answers = list(ids), dict[int, "Stored"]()
        while (sent := self._round(Room(rows=len(wanted)), wanted)) and sent.answers:
            answers |= sent.answers
        return answers

    def send_backlog(self, room: Room | None = None) -> Round | None:
        """Send one batch of whatever waits longest; None when there is nothing that may be sent."""
        return self._round(room or Room(), None)

    def _round(self, room: Room, ids: list[str] | None) -> Round | None:
        letters = self.outbox.letters.claim(self.owner, self.clock(), room=room, ids=ids)
        if not letters:
            return None
        try:
            self.prepare()
            deliveries = self._delivered(letters)
        except IndexUnreachable as error:
            self.failed("article", error)
            self.release()
            return Round()
        return self._settle(letters, deliveries)

    def _delivered(self, letters: list[Letter]) -> list[Delivery]:
        """One answer each. What another version of this program has written may be unreadable: it is refused."""
        found: list[Article | Delivery] = [_opened(letter) for letter in letters]
        articles = [each for each in found if not isinstance(each, Delivery)]
        answers = iter(self._deliver(articles) if articles else ())
        return [each if isinstance(each, Delivery) else next(answers) for each in found]

    def _deliver(self, articles: list[Article]) -> list[Delivery]:
        """One article that the engine stumbles over must not hold up the others: it is found and refused."""
        try:
            deliveries = self.remote.deliver(articles)
            if len(deliveries) != len(articles):
                raise ValueError(f"{len(deliveries)} answers to {len(articles)} articles")
        except BackendError:
            raise
        except Exception as error:
            if len(articles) > 1:
                logger.exception("the batch cannot be sent; its articles are sent one by one")
                return [delivery for article in articles for delivery in self._deliver([article])]
            logger.exception("article %s cannot be sent", articles[0].id)
            return [Delivery(refused=f"cannot be sent: {type(error).__name__}: {error}")]
        return deliveries

    def _settle(self, letters: list[Letter], deliveries: list[Delivery]) -> Round:
        now, sent, verdicts = self.clock(), Round(), Verdicts(set(), {}, {})
        for letter, delivery in zip(letters, deliveries, strict=True):
            if delivery.later:
                wait = delay(letter.attempts + 1, self.draw, delivery.retry_after)
                verdicts.later[letter.seq] = (delivery.later, now + wait)
                continue
            if delivery.refused:
                verdicts.dead[letter.seq] = delivery.refused
            else:
                verdicts.gone.add(letter.seq)
            sent.answers[letter.seq] = delivery.stored or "refused"
            sent.articles.append((letter.article_id, sent.answers[letter.seq]))
        self.outbox.letters.settle(verdicts, now)
        self._note(deliveries, took_any=bool(sent.answers))
        return sent

    def _note(self, deliveries: list[Delivery], *, took_any: bool) -> None:
        """Pause when the index took nothing, or has said how long it wants to be left alone."""
        later = [delivery for delivery in deliveries if delivery.later]
        asked = max((each.retry_after for each in later if each.retry_after is not None), default=None)
        if took_any:
            self.ended("article")
        if later and (asked is not None or not took_any):
            self.failed("article", IndexUnreachable(later[0].later, asked))

    def release(self) -> None:
        """Give back what is claimed and was not sent."""
        self.outbox.letters.release(self.owner)

    def drain(self, patience: float, told: Told | None = None, *, longest: float = inf) -> Drained:
        """Send until nothing is left, nothing has got through for `patience` seconds, or `longest` is over.

        Waits through pauses as far as both reach, and tries a last time when they do not; without patience
        one attempt is made, unless a pause forbids it. Raises `IndexUnavailable` when someone has to act.
        """
        end, sent, refused = self.clock() + longest, 0, 0
        give_up = self.clock() + patience
        try:
            while self._left():
                articles = self._turn()
                refused += sum(answer == "refused" for _, answer in articles)
                sent += sum(answer != "refused" for _, answer in articles)
                if told is not None and articles:
                    told(articles)
                give_up = self.clock() + patience if articles else give_up
                if self.clock() >= end or (not articles and not self._waited(min(give_up, end))):
                    break
        finally:
            self.release()
        summary = self.outbox.summary(self.clock())
        if not summary.left:
            self.outbox.file.shrink()
        return Drained(sent, refused, summary.left, summary.reason if summary.left else "")

    def _left(self) -> bool:
        return self.outbox.letters.any() or self.outbox.states.dirty() > 0

    def _turn(self) -> list[tuple[str, Stored]]:
        if not self.send_states() or not self.outbox.letters.any() or not self.admits("article"):
            return []
        sent = self.send_backlog()
        return sent.articles if sent else []

    def wake(self) -> None:
        """End all waiting: the next attempt is made at once, whatever failed before."""
        self.outbox.pauses.wake()
        self.outbox.letters.wake()

    def _waited(self, end: float) -> bool:
        """Sleep until the next attempt may be made; False when there is no time left for one.

        When it would be later than the end, a last one is made then: an index that came back meanwhile must not
        be left with the rest because the pause had become a long one.
        """
        now = self.clock()
        wait = max(self.outbox.next_moment(now) - now, MOMENT)
        if not self._left():
            return True
        if now + wait <= end:
            self.sleep(wait)
            return True
        if end - now < FLOOR:
            return False
        self.sleep(end - now)
        self.wake()
        return True


def _opened(letter: Letter) -> Article | Delivery:
    try:
        return letter.article()
    except ValueError as error:
        return Delivery(refused=f"cannot be read by this version of Svodka: {error}")
