"""The workers of one store on disk: a fixed number of tasks at once, the rest in line, each under limits that hold."""

from __future__ import annotations

import asyncio
import pickle
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import chain, islice
from itertools import count as count_from
from pathlib import Path
from typing import Final, Self

from ...errors import BusyError, DiplographError, LimitError, StoreMissingError, WorkerError
from ...graph.oxigraph.generations import Generations
from .limits import Limits
from .nursery import Nursery
from .process import Process
from .queue import Queue, packed
from .run import Run
from .task import Task
from .telling import Frame, Kind

LOOK_AGAIN: Final = 0.1
"""How long a version of the store is taken for the current one, in seconds."""
TICK: Final = 0.01
"""How often it is looked whose time is over, in seconds."""
_AHEAD: Final = 16
"""How many tasks for each worker are sent before one is free: so many are done without waiting for the server."""
_MOST: Final = 200
"""How many are sent at most."""
_UNNOTICED: Final = 0.02
"""After this time, in seconds, a worker has not skipped a task that was withdrawn: it took it before."""


class Workers:
    """Processes that each hold a read-only view of the current generation of a store, as a context.

    At most `count` tasks run at once (and those of an older generation, to their end); `spare` more workers are kept
    ready to take the places of those that are ended. At most `waiting` others stand in line, first come, first served,
    each for at most `patience` seconds.
    """

    def __init__(
        self,
        directory: Path,
        *,
        count: int,
        spare: int = 1,
        limits: Limits | None = None,
        waiting: int = 256,
        patience: float = 30,
        grace: float = 10,
    ) -> None:
        self.count, self.spare, self.limits = count, spare, limits or Limits()
        self.most_waiting, self.patience, self.grace = waiting, patience, grace
        self.directory = directory
        self.ended: Counter[str] = Counter()
        """How many tasks a limit ended, by its name; `waiting` for those that were turned away."""
        self.failed = 0
        """How many workers ended by themselves."""
        self.restarted = 0
        """How many workers took the place of others, for whatever reason."""
        self._generations = Generations(directory)
        self._version, self._looked = self._generations.version(), time.monotonic()
        self._processes: dict[int, Process] = {}
        self._queue, self._first = Queue(), 0
        self._line: deque[Run] = deque()
        self._sent: dict[int, Run] = {}
        """What is in a queue or being done, by number, in the order in which it was sent."""
        self._withdrawn: set[int] = set()
        self._nursery: Nursery | None = None
        self._births, self._numbers = count_from(1), count_from(1)
        self._failure: DiplographError | None = None
        self._is_closing = False
        self._change = asyncio.Event()
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def version(self) -> str:
        """What tells the generation that answers now from every other, of this store and of others."""
        if time.monotonic() - self._looked >= LOOK_AGAIN:
            self._look()
        return self._version or ""

    @property
    def running(self) -> int:
        """How many tasks run now."""
        return min(self.count, len(self._sent))

    @property
    def has_room(self) -> bool:
        """Whether one more may be asked."""
        return not self._is_closing and self.waiting < self.most_waiting

    @property
    def waiting(self) -> int:
        """How many tasks stand in line now."""
        return len(self._line) + len(self._sent) - self.running

    async def __aenter__(self) -> Self:
        """Start, and wait for the first worker; raises StoreError where there is nothing to read."""
        try:
            if sys.platform != "linux":
                raise WorkerError(f"Limits of time and memory hold on Linux only, and this is {sys.platform}.")
            if self._version is None:
                raise StoreMissingError(self.directory)
            self._restock()
            while not any(process.is_ready for process in self._processes.values()):
                if self._failure:
                    raise self._failure
                await self._changes()
        except BaseException:
            await self.close(0)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def run(self, task: Task, limits: Limits | None = None) -> Run:
        """Return the answer to a task, once its first part is there: until then, every error is raised here.

        Raises what the task raises, LimitError, BusyError and WorkerError.
        """
        return await self.begin(task, limits=limits).start()

    def begin(self, task: Task, told: Callable[[Run], None] | None = None, *, limits: Limits | None = None) -> Run:
        """Return the answer to a task before anything of it is there; see `Run` for who is `told`.

        Raises BusyError.
        """
        if self._is_closing:
            raise self._busy_error("The service is ending.")
        _ = self.version
        if self.waiting >= self.most_waiting:
            raise self._busy_error(f"All workers are at work, and {self.most_waiting} others wait for them.")
        run = Run(packed(task, limits := limits or self.limits), task.rows, limits, self._left, told)
        self._line.append(run)
        self._restock(again=True)
        self._send()
        return run

    async def close(self, grace: float | None = None) -> None:
        """Take no more tasks, let those that run go on for a time in seconds, and end them then."""
        self._is_closing = True
        begun = {*islice(self._sent, self.count), *self._taken()}
        self._fail([run for run in self._waiting_runs() if run.number not in begun], "The service is ending.")
        try:
            async with asyncio.timeout(self.grace if grace is None else grace):
                while self._sent:
                    await self._changes()
        except TimeoutError:
            pass
        finally:
            self._bury_all()
            self._fail([*self._waiting_runs()], "The service is ending.")
            self._queue.close()
            if self._ticking:
                self._ticking.cancel()

    # Tasks on their way

    def _send(self) -> None:
        """Send what stands in line, as long as workers may soon be free for it."""
        while self._line and len(self._sent) < min(self.count * (1 + _AHEAD), _MOST):
            run, number = self._line[0], next(self._numbers)
            if not self._queue.put(number, run.packed):
                break
            self._line.popleft()
            run.number = number
            self._sent[number] = run
        if self._ticking is None and (self._sent or self._line or self._withdrawn):
            self._ticking = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _heard(self, process: Process, frame: Frame) -> None:
        """Take note of what a worker tells."""
        kind, number, content = frame
        if kind in (Kind.ANSWER, Kind.ERROR):
            if number == process.lost:
                return
            # Both ends are processes of one server.
            error = pickle.loads(content) if kind == Kind.ERROR else None  # noqa: S301
            if number in self._withdrawn:
                self._forget(number)
            if run := self._sent.pop(number, None):
                run.finish(process, b"" if error else content, error)
                if run.process:
                    process.go_on()
            self._send()
            self._change.set()
        elif kind == Kind.BEGUN:
            if process.was_killed:
                process.lost = number
            elif run := self._sent.get(number):
                run.begin(process)
            else:
                self._kill(process)
        elif kind == Kind.WANTED:
            if run := self._sent.get(number):
                process.give(run.packed)
            else:
                self._kill(process)
        elif kind == Kind.SKIPPED:
            self._forget(number)
            self._again([number])
        else:
            if kind == Kind.READY:
                process.version = content.decode()
            elif kind == Kind.UNREADY:
                process.failure = pickle.loads(content)  # noqa: S301
            else:
                process.dismiss()
            self._changed(process)

    def _left(self, run: Run) -> None:
        """Spare workers what nobody waits for any more."""
        if isinstance(run.error, LimitError) and not isinstance(run.error, BusyError):
            self.ended[run.error.limit] += 1
        if not run.number:
            self._line.remove(run)
        elif self._sent.pop(run.number, None):
            workers = [each for each in self._processes.values() if each.desk.taken[0] == run.number]
            for process in workers:
                self._kill(process)
            if not workers:
                self._withdraw(run.number)
        self._send()
        self._change.set()

    def _again(self, numbers: Iterable[int]) -> None:
        """Put tasks that were sent, and will not be done where they are, first in line."""
        runs = [run for number in numbers if (run := self._sent.pop(number, None))]
        for run in reversed(runs):
            run.number = 0
            self._line.appendleft(run)
        self._send()

    def _withdraw(self, number: int) -> None:
        self._withdrawn.add(number)
        for process in self._processes.values():
            process.desk.withdraw(number)

    def _forget(self, number: int) -> None:
        self._withdrawn.discard(number)
        for process in self._processes.values():
            process.desk.withdraw(number, False)

    def _taken(self) -> dict[int, float]:
        """Return the tasks that were taken, and when."""
        return dict(process.desk.taken for process in self._processes.values() if process.queue)

    def _waiting_runs(self) -> Iterable[Run]:
        return chain(self._sent.values(), self._line)

    def _tick(self) -> None:
        """End what takes too long, and what waits too long."""
        self._ticking, now = None, time.monotonic()
        for process in [*self._processes.values()]:
            number, since = process.desk.taken
            if number in self._withdrawn and now - since > _UNNOTICED:
                self._forget(number)
                self._kill(process)
            elif (run := self._sent.get(number)) and now - since >= run.limits.seconds:
                run.end("seconds")
        if self.waiting:
            taken = self._taken()
            late = [run for run in self._waiting_runs() if run.number not in taken and now - run.asked > self.patience]
            self._fail(late, f"All workers were at work for {self.patience:g} s.")
        self._send()

    def _fail(self, runs: list[Run], reason: str) -> None:
        for run in runs:
            run.fail(self._busy_error(reason))

    # Workers that come and go

    def _look(self) -> None:
        """See which generation is the current one; a worker of another does nothing more after its task."""
        self._looked = time.monotonic()
        version = self._generations.version()
        if version is None or version == self._version:
            return
        self._version, self._failure = version, None
        self._queue.close()
        self._queue, self._first = Queue(), next(self._numbers)
        taken = self._taken()
        waiting = [number for number in self._sent if number not in taken]
        for number in waiting:
            self._withdraw(number)
        for process in self._processes.values():
            if process.version not in (None, version):
                process.dismiss()
        self._restock()
        self._again(waiting)

    def _restock(self, *, again: bool = False) -> None:
        """Have as many workers of the current generation as tasks may run, and the spare ones, in the making or ready.

        Where one could not get ready, another is made only when it is tried `again`.
        """
        living = self._living()
        working = sum(process.queue is not None for process in living)
        for process in living:
            if working < self.count and process.queue is None and process.is_ready:
                process.admit(self._queue, self._withdrawn)
                working += 1
        if self._is_closing or (self._failure and not (again and all(process.version for process in living))):
            return
        for _ in range(self.count + self.spare - len(living)):
            if self._nursery is None:
                self._nursery = Nursery(self.directory, self._died)
                asyncio.get_running_loop().add_reader(self._nursery.fileno(), self._hear, self._nursery)
            process = Process(next(self._births), self._nursery, self._heard, self._bury, born_for=self._version)
            self._processes[process.number] = process

    def _living(self) -> list[Process]:
        """Return the workers of the current generation, and those that are to be."""
        living = (process for process in self._processes.values() if not process.doomed)
        return [process for process in living if (process.version or process.born_for) == self._version]

    def _kill(self, process: Process) -> None:
        process.kill()
        self._changed(process)

    def _changed(self, process: Process) -> None:
        """Take note that a worker is ready or doomed."""
        if process.version and not process.doomed:
            if process.version != self._version:
                self._look()
            if process.version != self._version:
                process.dismiss()
            else:
                self._failure = None
                if process.queue is None and len(self._living()) > self.count + self.spare:
                    process.dismiss()
        self._restock()
        self._send()
        self._change.set()

    def _bury(self, process: Process) -> None:
        """Take note that a worker has died, and of what it leaves."""
        if self._processes.pop(process.number, None) is None:
            return
        number, _ = process.desk.taken
        if run := self._sent.get(number):
            if process.was_killed:
                # It was killed for another task, and took this one meanwhile.
                self._again([number])
            else:
                run.fail(process.error(run.limits))
        self._forget(number)
        if all(other.queue in (None, self._queue) for other in self._processes.values()):
            self._withdrawn = {number for number in self._withdrawn if number >= self._first}
        if not self._is_closing:
            self.restarted += process.version == self._version
            self.failed += not process.doomed
            if process.version is None and process.born_for == self._version and not process.doomed:
                self._failure = process.failure or WorkerError("No worker can be started: it ends before it is ready.")
                if not any(other.is_ready for other in self._processes.values()):
                    for each in [*self._waiting_runs()]:
                        each.fail(self._failure)
        self._restock()
        self._send()
        self._change.set()

    def _hear(self, nursery: Nursery) -> None:
        if not nursery.receive():
            self._bury_all()
            self._restock()

    def _died(self, number: int, exit_code: int) -> None:
        if process := self._processes.get(number):
            process.died(exit_code)

    def _bury_all(self) -> None:
        """End the nursery, and with it all workers."""
        if self._nursery:
            asyncio.get_running_loop().remove_reader(self._nursery.fileno())
            nursery, self._nursery = self._nursery, None
            nursery.close()
        for process in [*self._processes.values()]:
            process.died(-signal.SIGKILL)

    def _busy_error(self, reason: str) -> BusyError:
        self.ended["waiting"] += 1
        return BusyError(f"{reason} Try again in a moment.", limit="waiting", value=self.most_waiting, retry_after=1)

    async def _changes(self) -> None:
        self._change.clear()
        await self._change.wait()
