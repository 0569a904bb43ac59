"""`Sender`: takes what waits out of the outbox and brings it to the remote index."""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from index.backend import BackendError, IndexUnavailable, IndexUnreachable, IndexWriteError
from index.outbox.backoff import CEILING, FLOOR, Draw, delay
from index.outbox.letters import Room, Verdicts
from index.outbox.remote import Delivery
from index.outbox.runs import PREFIX as RUN
from index.outbox.states import State, encode_state, united
from index.runs import RunDocument

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


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one text of an article that was sent; `reason` goes with `refused`."""

    article_id: str
    content_hash: str
    answer: Stored
    reason: str = ""


Told = Callable[[Sequence[Sent]], None]
"""Is told what was sent, after each batch."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What `drain` did: articles sent and refused, what is left (states too) and why."""

    sent: int = 0
    refused: int = 0
    left: int = 0
    reason: str = ""


@dataclass(slots=True)
class Round:
    """What the index has answered to a batch, by `seq`; empty when it took nothing."""

    sent: dict[int, Sent] = field(default_factory=dict)


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
        if not self.outbox.states.sendable(self.clock()) or not self.admits("state"):
            return True
        try:
            self.prepare()
            while state := self.outbox.states.claim(self.owner, self.clock(), self.outbox.letters.lease):
                self._send_state(state)
        except IndexUnreachable as error:
            self.failed("state", error)
            return False
        finally:
            self.outbox.states.release(self.owner)
        return True

    def _send_state(self, state: State) -> None:
        """Send one state. One that the index won't take as it is holds up no other, and no article."""
        text = state.text
        try:
            if state.apart:
                text = encode_state(
                    state.key, united(state.key, state.value, self.remote.get_state(state.key))
                )
            self._put(state.key, text)
        except (IndexUnreachable, IndexUnavailable, IndexWriteError):
            raise
        except Exception as error:
            logger.error("state %s cannot be sent: %s", state.key, _said(error))
            self.outbox.states.put_off(state, self.owner, _said(error), self.clock() + CEILING)
            return
        self.outbox.states.sent(state, self.owner, text)
        self.ended("state")

    def _put(self, key: str, text: str) -> None:
        if key.startswith(RUN):
            self.remote.put_run(RunDocument.model_validate_json(text))
        else:
            self.remote.put_state(key, dict(json.loads(text)))

    def send_articles(self, ids: Iterable[str]) -> dict[int, Sent]:
        """Send all that waits of these articles, the oldest text first; what became of it by `seq`."""
        wanted, sent = list(ids), dict[int, Sent]()
        while (done := self._round(Room(rows=len(wanted)), wanted)) and done.sent:
            sent |= done.sent
        return sent

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
        except (IndexUnreachable, IndexUnavailable, IndexWriteError):
            raise
        except Exception as error:
            if len(articles) > 1:
                logger.warning("a batch cannot be sent; its articles are sent one by one: %s", _said(error))
                return [delivery for article in articles for delivery in self._deliver([article])]
            foreign = not isinstance(error, BackendError)  # a fault of ours: where it is has to be found
            logger.error("article %s cannot be sent: %s", articles[0].id, _said(error), exc_info=foreign)
            return [Delivery(refused=f"cannot be sent: {_said(error)}")]
        return deliveries

    def _settle(self, letters: list[Letter], deliveries: list[Delivery]) -> Round:
        now, done, verdicts = self.clock(), Round(), Verdicts(set(), {}, {})
        chance = self.draw()  # once: what was put off together is sent together again
        for letter, delivery in zip(letters, deliveries, strict=True):
            if delivery.later:
                wait = delay(letter.attempts + 1, lambda: chance, delivery.retry_after)
                verdicts.later[letter.seq] = (delivery.later, now + wait)
                continue
            if delivery.refused:
                verdicts.dead[letter.seq] = delivery.refused
            else:
                verdicts.gone.add(letter.seq)
            done.sent[letter.seq] = Sent(
                letter.article_id, letter.content_hash, delivery.stored or "refused", delivery.refused
            )
        self.outbox.letters.settle(verdicts, now)
        self._note(deliveries, took_any=bool(done.sent))
        return done

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

        A state that the index has just refused is not waited for.

        Waits through pauses as far as both reach, and tries a last time when they do not; without patience
        one attempt is made, unless a pause forbids it. Raises `IndexUnavailable` when someone has to act.
        """
        end, sent, refused = self.clock() + longest, 0, 0
        give_up = self.clock() + patience
        try:
            while self._left():
                articles = self._turn()
                refused += sum(each.answer == "refused" for each in articles)
                sent += sum(each.answer != "refused" for each in articles)
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
        return self.outbox.letters.any() or self.outbox.states.sendable(self.clock())

    def _turn(self) -> list[Sent]:
        if not self.send_states() or not self.outbox.letters.any() or not self.admits("article"):
            return []
        done = self.send_backlog()
        return list(done.sent.values()) if done else []

    def wake(self) -> None:
        """End all waiting: the next attempt is made at once, whatever failed before."""
        self.outbox.pauses.wake()
        self.outbox.letters.wake()
        self.outbox.states.wake()

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


def _said(error: Exception) -> str:
    """The words of an error; those of one that is none of ours are little use without its name."""
    return str(error) if isinstance(error, BackendError) else f"{type(error).__name__}: {error}"


def _opened(letter: Letter) -> Article | Delivery:
    try:
        return letter.article()
    except ValueError as error:
        return Delivery(refused=f"cannot be read by this version of Svodka: {error}")
