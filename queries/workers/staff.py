"""The workers of a store: born, given tasks and a version of it to answer from, ended or let go, and replaced."""

from __future__ import annotations

import asyncio
import pickle
import signal
import time
from collections.abc import Callable
from itertools import count as count_from
from pathlib import Path
from typing import Final

from ...errors import DiplographError, WorkerError
from ...graph.oxigraph.generations import Generations
from .nursery import Nursery
from .process import Process
from .queue import Queue
from .telling import Frame, Kind

LOOK_AGAIN: Final = 0.1
"""How long a version of the store is taken for the current one, in seconds."""


class Staff:
    """As many workers of the current generation as tasks may run at once, and spare ones; older ones take no more.

    `heard` is given what a worker tells of a task, and `buried` a worker that has died. `renewed` is told when another
    generation is the current one: tasks that were taken by none are sent anew then. `changed` is told when a worker is
    ready, doomed or dead, and given the error if there is none any more and no other could get ready.
    """

    def __init__(
        self,
        directory: Path,
        count: int,
        spare: int,
        *,
        heard: Callable[[Process, Frame], None],
        buried: Callable[[Process], None],
        renewed: Callable[[], None],
        changed: Callable[[DiplographError | None], None],
    ) -> None:
        self._directory, self._count, self._spare = directory, count, spare
        self._heard, self._buried, self._renewed, self._changed = heard, buried, renewed, changed
        self.failed = 0
        """How many workers ended by themselves."""
        self.restarted = 0
        """How many workers took the place of others, for whatever reason."""
        self.failure: DiplographError | None = None
        """Why the last one that was made could not get ready."""
        self.is_closing = False
        """Whether no more are made."""
        self.processes: dict[int, Process] = {}
        self.withdrawn: set[int] = set()
        """The tasks that were sent and are not to be done, by number."""
        self._generations = Generations(directory)
        self._version, self._looked = self._generations.version(), time.monotonic()
        self._queue, self._first = Queue(), 0
        self._nursery: Nursery | None = None
        self._births, self._numbers = count_from(1), count_from(1)

    @property
    def version(self) -> str | None:
        """What tells the generation that answers now from every other, of this store and of others; None for none."""
        if time.monotonic() - self._looked >= LOOK_AGAIN:
            self._look()
        return self._version

    @property
    def is_ready(self) -> bool:
        """Whether any of them does or could take tasks."""
        return any(process.is_ready for process in self.processes.values())

    @property
    def taken(self) -> dict[int, float]:
        """The tasks that were taken last, and when."""
        return dict(process.desk.taken for process in self.processes.values() if process.queue)

    # Tasks for them

    def send(self, task: bytes) -> int | None:
        """Let the next worker that is free take a task, packed, and return its number; None if there is no room."""
        number = next(self._numbers)
        return number if self._queue.put(number, task) else None

    def give_up(self, number: int) -> None:
        """End whoever does a task; if nobody has begun with it, nobody shall."""
        workers = [process for process in self.processes.values() if process.desk.taken[0] == number]
        for process in workers:
            self.kill(process)
        if not workers:
            self.withdraw(number)

    def withdraw(self, number: int) -> None:
        """Let nobody take a task that was sent."""
        self.withdrawn.add(number)
        for process in self.processes.values():
            process.desk.withdraw(number)

    def forget(self, number: int) -> None:
        """Let the number of a task that is gone mean nothing any more."""
        self.withdrawn.discard(number)
        for process in self.processes.values():
            process.desk.withdraw(number, False)

    # How they come and go

    def restock(self, *, again: bool = False) -> None:
        """Have as many workers of the current generation as tasks may run, and the spare ones, in the making or ready.

        Where one could not get ready, another is made only when it is tried `again`.
        """
        living = self._living()
        working = sum(process.queue is not None for process in living)
        for process in living:
            if working < self._count and process.queue is None and process.is_ready:
                process.admit(self._queue, self.withdrawn)
                working += 1
        if self.is_closing or (self.failure and not (again and all(process.version for process in living))):
            return
        for _ in range(self._count + self._spare - len(living)):
            if self._nursery is None:
                self._nursery = Nursery(self._directory, self._died)
                asyncio.get_running_loop().add_reader(self._nursery.fileno(), self._hear, self._nursery)
            process = Process(next(self._births), self._nursery, self._told, self._bury, born_for=self._version)
            self.processes[process.number] = process

    def kill(self, process: Process) -> None:
        """End a worker, whatever it does."""
        process.kill()
        self._settle(process)

    def bury_all(self) -> None:
        """End the nursery, and with it all workers."""
        if self._nursery:
            asyncio.get_running_loop().remove_reader(self._nursery.fileno())
            nursery, self._nursery = self._nursery, None
            nursery.close()
        for process in [*self.processes.values()]:
            process.died(-signal.SIGKILL)

    def close(self) -> None:
        """Take no more tasks."""
        self._queue.close()

    def _look(self) -> None:
        """See which generation is the current one; a worker of another does nothing more after its task."""
        self._looked = time.monotonic()
        version = self._generations.version()
        if version is None or version == self._version:
            return
        self._version, self.failure = version, None
        self._queue.close()
        self._queue, self._first = Queue(), next(self._numbers)
        self._renewed()
        for process in self.processes.values():
            if process.version not in (None, version):
                process.dismiss()
        self.restock()

    def _living(self) -> list[Process]:
        """Return the workers of the current generation, and those that are to be."""
        living = (process for process in self.processes.values() if not process.doomed)
        return [process for process in living if (process.version or process.born_for) == self._version]

    def _told(self, process: Process, frame: Frame) -> None:
        if frame.kind == Kind.READY:
            process.version = frame.content.decode()
        elif frame.kind == Kind.UNREADY:
            # Both ends are processes of one server.
            process.failure = pickle.loads(frame.content)  # noqa: S301
        elif frame.kind == Kind.LEAVING:
            process.dismiss()
        else:
            self._heard(process, frame)
            return
        self._settle(process)

    def _settle(self, process: Process) -> None:
        """Take note that a worker is ready or doomed."""
        if process.version and not process.doomed:
            if process.version != self._version:
                self._look()
            if process.version != self._version:
                process.dismiss()
            else:
                self.failure = None
                if process.queue is None and len(self._living()) > self._count + self._spare:
                    process.dismiss()
        self.restock()
        self._changed(None)

    def _bury(self, process: Process) -> None:
        """Take note that a worker has died, and of what it leaves."""
        if self.processes.pop(process.number, None) is None:
            return
        self._buried(process)
        if all(other.queue in (None, self._queue) for other in self.processes.values()):
            self.withdrawn = {number for number in self.withdrawn if number >= self._first}
        failure = None
        if not self.is_closing:
            self.restarted += process.version == self._version
            self.failed += not process.doomed
            if process.version is None and process.born_for == self._version and not process.doomed:
                self.failure = process.failure or WorkerError("No worker can be started: it ends before it is ready.")
                failure = None if self.is_ready else self.failure
        self.restock()
        self._changed(failure)

    def _hear(self, nursery: Nursery) -> None:
        if not nursery.receive():
            self.bury_all()
            self.restock()

    def _died(self, number: int, exit_code: int) -> None:
        if process := self.processes.get(number):
            process.died(exit_code)
