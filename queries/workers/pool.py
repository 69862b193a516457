"""The workers of one store on disk: a fixed number of tasks at once, the rest in line, each under limits that hold."""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pathlib import Path
from typing import Final, Self

from ...errors import BusyError, DiplographError, LimitError, StoreMissingError, WorkerError
from .limits import Limits
from .process import Process
from .queue import packed
from .run import Run
from .staff import Staff
from .task import Task
from .telling import Frame, Kind

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
        self.count, self.limits = count, limits or Limits()
        self.most_waiting, self.patience, self.grace = waiting, patience, grace
        self.directory = directory
        self.ended: Counter[str] = Counter()
        """How many tasks a limit ended, by its name; `waiting` for those that were turned away."""
        self._staff = Staff(
            directory,
            count,
            spare,
            heard=self._heard,
            buried=self._buried,
            renewed=self._renewed,
            changed=self._changed,
        )
        self._line: deque[Run] = deque()
        self._sent: dict[int, Run] = {}
        """What is in a queue or being done, by number, in the order in which it was sent."""
        self._change = asyncio.Event()
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def version(self) -> str:
        """What tells the generation that answers now from every other, of this store and of others."""
        return self._staff.version or ""

    @property
    def failed(self) -> int:
        """How many workers ended by themselves."""
        return self._staff.failed

    @property
    def restarted(self) -> int:
        """How many workers took the place of others, for whatever reason."""
        return self._staff.restarted

    @property
    def running(self) -> int:
        """How many tasks run now."""
        return min(self.count, len(self._sent))

    @property
    def has_room(self) -> bool:
        """Whether one more may be asked."""
        return not self._staff.is_closing and self.waiting < self.most_waiting

    @property
    def waiting(self) -> int:
        """How many tasks stand in line now."""
        return len(self._line) + len(self._sent) - self.running

    async def __aenter__(self) -> Self:
        """Start, and wait for the first worker; raises StoreError where there is nothing to read."""
        try:
            if sys.platform != "linux":
                raise WorkerError(f"Limits of time and memory hold on Linux only, and this is {sys.platform}.")
            if self._staff.version is None:
                raise StoreMissingError(self.directory)
            self._staff.restock()
            while not self._staff.is_ready:
                if self._staff.failure:
                    raise self._staff.failure
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
        if self._staff.is_closing:
            raise self._busy_error("The service is ending.")
        _ = self.version
        if self.waiting >= self.most_waiting:
            raise self._busy_error(f"All workers are at work, and {self.most_waiting} others wait for them.")
        run = Run(packed(task, limits := limits or self.limits), task.rows, limits, self._left, told)
        self._line.append(run)
        self._staff.restock(again=True)
        self._send()
        return run

    async def close(self, grace: float | None = None) -> None:
        """Take no more tasks, let those that run go on for a time in seconds, and end them then."""
        self._staff.is_closing = True
        begun = {*islice(self._sent, self.count), *self._staff.taken}
        self._fail([run for run in self._waiting_runs() if run.number not in begun], "The service is ending.")
        try:
            async with asyncio.timeout(self.grace if grace is None else grace):
                while self._sent:
                    await self._changes()
        except TimeoutError:
            pass
        finally:
            self._staff.bury_all()
            self._fail([*self._waiting_runs()], "The service is ending.")
            self._staff.close()
            if self._ticking:
                self._ticking.cancel()

    def _send(self) -> None:
        """Send what stands in line, as long as workers may soon be free for it."""
        while self._line and len(self._sent) < min(self.count * (1 + _AHEAD), _MOST):
            run = self._line[0]
            number = self._staff.send(run.packed)
            if number is None:
                break
            self._line.popleft()
            run.number = number
            self._sent[number] = run
        if self._ticking is None and (self._sent or self._line or self._staff.withdrawn):
            self._ticking = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _again(self, numbers: Iterable[int]) -> None:
        """Put tasks that were sent, and will not be done where they are, first in line."""
        runs = [run for number in numbers if (run := self._sent.pop(number, None))]
        for run in reversed(runs):
            run.number = 0
            self._line.appendleft(run)
        self._send()

    def _heard(self, process: Process, frame: Frame) -> None:
        """Take note of what a worker tells of a task."""
        kind, number, content = frame
        if kind in (Kind.ANSWER, Kind.ERROR):
            if number == process.lost:
                return
            # Both ends are processes of one server.
            error = pickle.loads(content) if kind == Kind.ERROR else None  # noqa: S301
            if number in self._staff.withdrawn:
                self._staff.forget(number)
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
                self._staff.kill(process)
        elif kind == Kind.WANTED:
            if run := self._sent.get(number):
                process.give(run.packed)
            else:
                self._staff.kill(process)
        else:
            # It was skipped.
            self._staff.forget(number)
            self._again([number])

    def _buried(self, process: Process) -> None:
        """See to the task of a worker that has died."""
        number, _ = process.desk.taken
        if run := self._sent.get(number):
            if process.was_killed:
                # It was killed for another task, and took this one meanwhile.
                self._again([number])
            else:
                run.fail(process.error(run.limits))
        self._staff.forget(number)

    def _renewed(self) -> None:
        """Let another generation answer what nobody has taken yet."""
        taken = self._staff.taken
        waiting = [number for number in self._sent if number not in taken]
        for number in waiting:
            self._staff.withdraw(number)
        self._again(waiting)

    def _changed(self, failure: DiplographError | None) -> None:
        """Go on with other workers than before, or fail where there are none."""
        if failure:
            for run in [*self._waiting_runs()]:
                run.fail(failure)
        self._send()
        self._change.set()

    def _left(self, run: Run) -> None:
        """Spare workers what nobody waits for any more."""
        if isinstance(run.error, LimitError) and not isinstance(run.error, BusyError):
            self.ended[run.error.limit] += 1
        if not run.number:
            self._line.remove(run)
        elif self._sent.pop(run.number, None):
            self._staff.give_up(run.number)
        self._send()
        self._change.set()

    def _waiting_runs(self) -> Iterable[Run]:
        return chain(self._sent.values(), self._line)

    def _tick(self) -> None:
        """End what takes too long, and what waits too long."""
        self._ticking, now = None, time.monotonic()
        for process in [*self._staff.processes.values()]:
            number, since = process.desk.taken
            if number in self._staff.withdrawn and now - since > _UNNOTICED:
                self._staff.forget(number)
                self._staff.kill(process)
            elif (run := self._sent.get(number)) and now - since >= run.limits.seconds:
                run.end("seconds")
        if self.waiting:
            taken = self._staff.taken
            late = [run for run in self._waiting_runs() if run.number not in taken and now - run.asked > self.patience]
            self._fail(late, f"All workers were at work for {self.patience:g} s.")
        self._send()

    def _fail(self, runs: list[Run], reason: str) -> None:
        for run in runs:
            run.fail(self._busy_error(reason))

    def _busy_error(self, reason: str) -> BusyError:
        self.ended["waiting"] += 1
        return BusyError(f"{reason} Try again in a moment.", limit="waiting", value=self.most_waiting, retry_after=1)

    async def _changes(self) -> None:
        self._change.clear()
        await self._change.wait()
