"""The workers of one store on disk: a fixed number of tasks at once, the rest in line, each under limits that hold."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import Counter, deque
from itertools import count as count_from
from pathlib import Path
from typing import Final, Self

from ..errors import BusyError, DiplographError, LimitError, StoreMissingError, WorkerError
from ..graph.oxigraph.generations import Generations
from .limits import Limits
from .nursery import Nursery
from .process import Process
from .run import Run
from .worker import SLACK, Task

LOOK_AGAIN: Final = 0.1
"""How long a version of the store is taken for the current one, in seconds."""


class Workers:
    """Processes that each hold a read-only view of the current generation of a store, as a context.

    At most `count` tasks run at once; `spare` more workers are kept ready to take the places of those that are ended.
    At most `waiting` others stand in line, first come, first served, each for at most `patience` seconds.
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
        self._busy: set[Process] = set()
        self._line: deque[asyncio.Future[Process]] = deque()
        self._nursery: Nursery | None = None
        self._numbers = count_from(1)
        self._failure: DiplographError | None = None
        self._is_closing = False
        self._change = asyncio.Event()

    @property
    def version(self) -> str:
        """What tells the generation that answers now from every other, of this store and of others."""
        if time.monotonic() - self._looked >= LOOK_AGAIN:
            self._look()
        return self._version or ""

    @property
    def running(self) -> int:
        """How many tasks run now."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many tasks stand in line now."""
        return len(self._line)

    async def __aenter__(self) -> Self:
        """Start, and wait for the first worker; raises StoreError where there is nothing to read."""
        if sys.platform != "linux":
            raise WorkerError(f"Limits of time and memory hold on Linux only, and this is {sys.platform}.")
        try:
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
        return await Run(await self._free(), task, limits or self.limits, self._release).start()

    async def close(self, grace: float | None = None) -> None:
        """Take no more tasks, let those that run go on for a time in seconds, and end them then."""
        self._is_closing = True
        self._fail_line(self._busy_error("The service is ending."))
        try:
            async with asyncio.timeout(self.grace if grace is None else grace):
                while self._busy:
                    await self._changes()
        except TimeoutError:
            pass
        finally:
            self._bury_all()

    async def _free(self) -> Process:
        """Return a worker of the current generation that has nothing to do, in one's turn."""
        if self._is_closing:
            raise self._busy_error("The service is ending.")
        _ = self.version
        self._restock(again=True)
        if len(self._line) >= self.most_waiting:
            raise self._busy_error(f"All workers are at work, and {self.most_waiting} others wait for them.")
        if not self._line and (process := self._idle()):
            self._busy.add(process)
            return process
        place: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._line.append(place)
        self._serve()
        try:
            async with asyncio.timeout(self.patience):
                return await place
        except BaseException as error:
            if place in self._line:
                self._line.remove(place)
            elif place.done() and not place.cancelled() and not place.exception():
                # It came in the same moment.
                self._busy.discard(place.result())
                self._serve()
            if isinstance(error, TimeoutError):
                raise self._busy_error(f"All workers were at work for {self.patience:g} s.") from error
            raise

    def _serve(self) -> None:
        """Give workers that have nothing to do to those in line."""
        while self._line and (process := self._idle()):
            self._busy.add(process)
            self._line.popleft().set_result(process)

    def _idle(self) -> Process | None:
        """Return a worker of the current generation that could be given a task, if one more may run."""
        if len(self._busy) < self.count:
            for process in self._processes.values():
                if process not in self._busy and process.is_ready and process.version == self._version:
                    return process
        return None

    def _release(self, run: Run) -> None:
        process, done = run.process, run.process.done
        self._busy.discard(process)
        if isinstance(run.error, LimitError):
            self.ended[run.error.limit] += 1
        if done is None:
            process.kill()
        else:
            process.empty()
            if done.kept > SLACK or process.version != self._version:
                process.dismiss()
        self._changed(process)

    def _look(self) -> None:
        """See which generation is the current one; a worker of another does nothing more after its task."""
        self._looked = time.monotonic()
        version = self._generations.version()
        if version is None or version == self._version:
            return
        self._version, self._failure = version, None
        for process in self._processes.values():
            if process.version not in (None, version) and process not in self._busy:
                process.dismiss()
        self._restock()

    def _restock(self, *, again: bool = False) -> None:
        """Have as many workers of the current generation as tasks may run, and the spare ones, in the making or ready.

        Where one could not get ready, another is made only when it is tried `again`.
        """
        living = self._living()
        if self._is_closing or (self._failure and not (again and all(process.version for process in living))):
            return
        for _ in range(self.count + self.spare - len(living)):
            if self._nursery is None:
                self._nursery = Nursery(self.directory, self._died)
                asyncio.get_running_loop().add_reader(self._nursery.fileno(), self._hear, self._nursery)
            process = Process(next(self._numbers), self._nursery, self._changed, born_for=self._version)
            self._processes[process.number] = process

    def _living(self) -> list[Process]:
        """Return the workers of the current generation, and those that are to be."""
        living = (process for process in self._processes.values() if not process.doomed)
        return [process for process in living if (process.version or process.born_for) == self._version]

    def _changed(self, process: Process) -> None:
        """Take note that a worker is ready, free or gone."""
        if process.exit_code is not None:
            if self._processes.pop(process.number, None) and not self._is_closing:
                self._take_leave(process)
        elif process.version and process.version != self._version and process not in self._busy:
            self._look()
            if process.version != self._version:
                process.dismiss()
        elif process.version:
            self._failure = None
            if process not in self._busy and len(self._living()) > self.count + self.spare:
                process.dismiss()
        self._change.set()
        self._restock()
        self._serve()

    def _take_leave(self, process: Process) -> None:
        self.restarted += process.version == self._version
        self.failed += not process.doomed
        if process.version is None and process.born_for == self._version and not process.doomed:
            self._failure = process.failure or WorkerError("No worker can be started: it ends before it is ready.")
            if not any(other.is_ready for other in self._processes.values()):
                self._fail_line(self._failure)

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

    def _fail_line(self, error: DiplographError) -> None:
        while self._line:
            self._line.popleft().set_exception(error)

    def _busy_error(self, reason: str) -> BusyError:
        self.ended["waiting"] += 1
        return BusyError(f"{reason} Try again in a moment.", limit="waiting", value=self.most_waiting, retry_after=1)

    async def _changes(self) -> None:
        self._change.clear()
        await self._change.wait()
