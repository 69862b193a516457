"""A queue hands tasks over in order, whatever their size, and no more than it has room for."""

from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from diplograph.queries.tasks import AnswerQuery
from diplograph.queries.workers import Limits
from diplograph.queries.workers.desk import Desk
from diplograph.queries.workers.queue import Queue, packed, taken


@pytest.mark.parametrize("length", [10, 3500, 4096, 10_000, 1_000_000])
def test_a_task_comes_as_it_was_put(length: int) -> None:
    task, limits, before = AnswerQuery("x" * length, "json"), Limits(rows=7), len(os.listdir("/proc/self/fd"))
    queue = Queue()
    for number in (5, 6):
        content = packed(task, limits)
        assert queue.put(number, content)
        message = taken(queue.taking)
        assert message
        assert message.number == number
        assert bool(message.content) == (length < 4000)
        assert message.unpacked({number: content}.__getitem__) == (task, limits)
    queue.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_full_queue_says_so() -> None:
    queue, content = Queue(), packed(AnswerQuery("ASK {}", "json"), Limits())
    sent = 0
    while queue.put(sent, content):
        sent += 1
    assert [message.number for _ in range(sent) if (message := taken(queue.taking))] == [*range(sent)]
    queue.close()


def test_a_desk_is_seen_from_both_sides() -> None:
    desk = Desk()
    other = Desk(os.dup(desk.handle))
    assert desk.taken == (0, 0)
    other.take(2**40)
    assert desk.taken[0] == 2**40
    desk.withdraw(300)
    assert (other.is_withdrawn(300), other.is_withdrawn(301)) == (True, False)
    desk.withdraw(300, False)
    assert not other.is_withdrawn(300)
    for each in (desk, other):
        each.close()


def test_a_desk_never_shows_a_task_with_the_time_of_the_one_before() -> None:
    desk, begun, switching = Desk(), [time.monotonic()], sys.getswitchinterval()

    def take() -> None:
        for number in range(1, 20_000):
            begun.append(time.monotonic())
            desk.take(number)

    sys.setswitchinterval(1e-6)
    try:
        worker = threading.Thread(target=take)
        worker.start()
        while worker.is_alive():
            number, since = desk.taken
            assert not number or since >= begun[number]
        worker.join()
    finally:
        sys.setswitchinterval(switching)
        desk.close()
