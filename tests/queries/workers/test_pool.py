"""Queries are answered by workers under limits that hold, and nobody else feels it when one of them is broken."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from diplograph import open_store
from diplograph.errors import BusyError, LimitError, QueryError, QuerySyntaxError, StoreMissingError, WorkerError
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import ResultSyntax
from diplograph.ontology.identifiers import document_iri
from diplograph.queries.tasks import AnswerQuery
from diplograph.queries.workers import Limits
from diplograph.queries.workers.pool import Workers
from diplograph.queries.workers.run import HELD, Run
from diplograph.queries.workers.staff import LOOK_AGAIN

MIB = 1024 * 1024
HERE = Path(__file__).parent
ROWS = 300
ALL = "SELECT ?s ?o { ?s <http://example.org/p> ?o } ORDER BY ?s"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(5))} }}"
HOARDER = f"{RUNAWAY.replace('(COUNT(*) AS ?n)', '*')} ORDER BY ?s1"
PLENTY = Limits(seconds=30)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A store on disk of 300 statements."""
    put(tmp_path / "store.db", "first", ROWS)
    return tmp_path / "store.db"


def put(directory: Path, document: str, statements: int) -> None:
    said = '<http://example.org/p> "},{\\n"'
    lines = (f"<http://example.org/{document}/{number}> {said} .\n" for number in range(statements))
    with open_store(directory) as store, store.writing() as writer:
        writer.put(document_iri(document), "".join(lines).encode())


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The odd tasks, which workers can import too."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    from odd_tasks import Odd

    return Odd


def within(directory: Path, test: Callable[[Workers], Awaitable[None]], **settings: Any) -> None:
    """Run a test with workers, and check that they leave nothing behind: no open file, no process."""

    async def whole() -> None:
        before = open_files()
        settings.setdefault("count", 2)
        settings.setdefault("limits", PLENTY)
        async with Workers(directory, **settings) as workers:
            async with asyncio.timeout(60):
                await until(lambda: all(process.is_ready for process in workers._staff.processes.values()))
                await test(workers)
        assert open_files() == before
        assert workers.running == workers.waiting == 0

    # What other tests have started may do one thing now and another then.
    others = dict(children(os.getpid())).keys()
    asyncio.run(whole())
    assert dict(children(os.getpid())).keys() <= others


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def children(parent: int) -> Iterator[tuple[int, str]]:
    """Yield the processes that are children of another, with their states."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, its_parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(its_parent) == parent:
                yield int(path.parent.name), state


async def answer(workers: Workers, task: Any, limits: Limits | None = None) -> bytes:
    return await rest(await workers.run(task, limits))


async def rest(run: Run) -> bytes:
    return b"".join([piece async for piece in run])


async def place(workers: Workers, odd: Any) -> tuple[int, int]:
    """The process that answers, and its parent."""
    worker, nursery = (await answer(workers, odd("tell"))).split()
    return int(worker), int(nursery)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def started(*works: Coroutine[Any, Any, Any]) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Begin works one after another, and cancel those that have not ended at the end."""
    tasks = []
    for work in works:
        tasks.append(asyncio.create_task(work))
        await asyncio.sleep(0)
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def query(sparql: str, syntax: str = "json") -> AnswerQuery:
    return AnswerQuery(sparql, syntax)


def number_of_rows(answer: bytes) -> int:
    return answer.count(b'"literal"')


# What workers answer


@pytest.mark.parametrize("syntax", get_args(ResultSyntax))
def test_an_answer_is_what_the_store_answers(directory: Path, syntax: ResultSyntax) -> None:
    async def test(workers: Workers) -> None:
        with open_store(directory) as store:
            assert await answer(workers, query(ALL, syntax)) == store.view().serialized(ALL, syntax)

    within(directory, test)


def test_an_error_is_the_one_that_the_store_raises(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(QuerySyntaxError, match="line 1, column 12") as caught:
            await workers.run(query("SELECT * { "))
        assert caught.value.line == 1
        assert workers.restarted == 0
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1)


def test_any_loop_of_events_will_do(directory: Path) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def test() -> None:
        before = open_files()
        async with Workers(directory, count=1, limits=PLENTY) as workers:
            assert number_of_rows(await answer(workers, query(ALL))) == ROWS
            with pytest.raises(LimitError):
                await workers.run(query(RUNAWAY), Limits(seconds=0.1))
            assert number_of_rows(await answer(workers, query(ALL))) == ROWS
        assert open_files() == before

    uvloop.run(test())


def test_many_answers_come_at_once(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        answers = await asyncio.gather(*(answer(workers, query(ALL)) for _ in range(50)))
        assert set(map(number_of_rows, answers)) == {ROWS}
        assert workers.restarted == 0

    within(directory, test)


def test_there_has_to_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        within(tmp_path / "nothing.db", lambda _: asyncio.sleep(0))


def test_where_limits_do_not_hold_nothing_is_answered(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(WorkerError, match="on Linux only, and this is darwin"):
        within(directory, lambda _: asyncio.sleep(0))


# Time and memory


def test_a_runaway_query_is_ended_at_its_limit(directory: Path, odd: Any) -> None:
    ended: list[dict[str, int]] = []

    async def test(workers: Workers) -> None:
        before, nursery = await place(workers, odd)
        taken, begin = workers._staff.taken, time.perf_counter()
        async with started(workers.run(query(RUNAWAY), Limits(seconds=0.2))) as (running,):
            await until(lambda: workers._staff.taken != taken)
            # By the loop's own clock, which a busy machine holds up no less than the workers' time.
            asyncio.get_running_loop().call_later(0.5, lambda: ended.append(dict(workers.ended)))
            with pytest.raises(LimitError, match=r"longer than 0\.2 s") as caught:
                await running
            assert time.perf_counter() - begin >= 0.2
        assert (caught.value.limit, caught.value.value) == ("seconds", 0.2)
        assert (await place(workers, odd))[0] != before
        await until(lambda: before not in dict(children(nursery)))
        assert workers.ended == {"seconds": 1}
        await until(lambda: workers.restarted == 1)
        await until(lambda: ended)
        assert ended == [{"seconds": 1}], "it was ended at its limit, and not later"

    within(directory, test, count=1)


def test_another_worker_is_ready_when_one_is_ended(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        for _ in range(5):
            with pytest.raises(LimitError):
                await workers.run(query(RUNAWAY), Limits(seconds=0.05))
            assert any(process.is_ready for process in workers._staff.processes.values())
            assert number_of_rows(await answer(workers, query(ALL))) == ROWS
            await until(lambda: sum(process.is_ready for process in workers._staff.processes.values()) == 2)

    within(directory, test, count=1)


def test_a_query_that_takes_too_much_memory_is_ended(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(LimitError, match="more than 64 MiB of memory") as caught:
            await workers.run(query(HOARDER), Limits(seconds=30, memory=64 * MIB))
        assert (caught.value.limit, caught.value.value) == ("memory", 64 * MIB)
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1)


def test_so_is_work_of_ours_that_does(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(LimitError, match="more than 100 MiB of memory"):
            await workers.run(odd("fill"), Limits(memory=100 * MIB))
        await answer(workers, odd("fill"), Limits(memory=None))

    within(directory, test, count=1)


def test_a_worker_that_keeps_much_memory_is_replaced(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        before, nursery = await place(workers, odd)
        assert (await place(workers, odd))[0] == before
        await answer(workers, odd("keep"))
        assert (await place(workers, odd))[0] != before
        await until(lambda: before not in dict(children(nursery)))

    within(directory, test, count=1)


def test_no_answer_is_lost_where_others_are_ended_or_leave(directory: Path) -> None:
    async def ended(workers: Workers) -> None:
        with pytest.raises(LimitError):
            await workers.run(query(RUNAWAY), Limits(seconds=0.02))

    async def left(workers: Workers) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.005):
                await workers.run(query(ALL))

    async def answered(workers: Workers, number: int) -> None:
        for _ in range(20):
            assert number_of_rows(await answer(workers, query(f"{ALL} LIMIT {number}"))) == number

    async def test(workers: Workers) -> None:
        disturbing = (ended(workers) if number % 2 else left(workers) for number in range(20))
        await asyncio.gather(*disturbing, *(answered(workers, number) for number in range(1, 21)))
        assert workers.ended == {"seconds": 10}
        assert workers.failed == 0

    within(directory, test, patience=5)


def test_no_task_waits_behind_one_that_takes_long(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        async with started(workers.run(odd("sleep"))):
            for _ in range(50):
                async with asyncio.timeout(5):
                    assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test)


def test_a_long_query_is_read_whole(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        long = f"{ALL} # {'é' * 200_000}"
        assert number_of_rows(await answer(workers, query(long))) == ROWS

    within(directory, test, count=1)


# Rows and bytes


@pytest.mark.parametrize("syntax", get_args(ResultSyntax))
def test_an_answer_has_no_more_rows_than_allowed(directory: Path, syntax: ResultSyntax) -> None:
    async def test(workers: Workers) -> None:
        assert await answer(workers, query(ALL, syntax), Limits(rows=ROWS)) == await answer(workers, query(ALL, syntax))
        with pytest.raises(LimitError, match="more than 299 rows") as caught:
            await workers.run(query(ALL, syntax), Limits(rows=ROWS - 1))
        assert (caught.value.limit, caught.value.value) == ("rows", ROWS - 1)
        assert workers.ended == {"rows": 1}

    within(directory, test, count=1)


def test_an_answer_has_no_more_bytes_than_allowed(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        whole = await answer(workers, query(ALL))
        assert await answer(workers, query(ALL), Limits(bytes=len(whole))) == whole
        with pytest.raises(LimitError, match=f"longer than {len(whole) - 1:,} bytes"):
            await workers.run(query(ALL), Limits(bytes=len(whole) - 1))
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1)


def test_a_limit_after_the_first_bytes_ends_the_pieces_with_an_error(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        for task, limits, kind in (
            (odd("end", mib=8), Limits(bytes=5 * MIB), LimitError),
            (odd("sleep", mib=8), Limits(seconds=0.5), LimitError),
            (odd("fill", mib=8), Limits(memory=100 * MIB), LimitError),
            (odd("fail", mib=8), Limits(), QueryError),
            (odd("abort", mib=8), Limits(), WorkerError),
        ):
            run = await workers.run(task, limits)
            got = len(await anext(run))
            assert 0 < got < 8 * MIB
            for _ in range(2):
                with pytest.raises(kind):
                    await rest(run)

    within(directory, test, count=1)


def test_an_error_at_the_end_of_a_short_answer_comes_in_its_place(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(QueryError, match="failed at the end"):
            await workers.run(odd("fail", mib=0.5))
        assert await answer(workers, odd("end", mib=0.5)) == b"x" * (MIB // 2)

    within(directory, test, count=1)


# Readers that are slow, or leave


def test_no_more_is_written_than_is_read(directory: Path, odd: Any, tmp_path: Path) -> None:
    def written() -> int:
        return (tmp_path / "notes").stat().st_size * MIB // 16

    async def test(workers: Workers) -> None:
        run = await workers.run(odd("end", mib=40, notes=tmp_path / "notes"))
        got = len(await anext(run))
        await asyncio.sleep(0.1)
        assert written() <= HELD + 3 * MIB
        async for piece in run:
            got += len(piece)
            assert written() <= got + HELD + 3 * MIB
        assert got == written() == 40 * MIB

    within(directory, test, count=1)


def test_who_reads_slowly_holds_no_worker_that_is_done(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        run = await workers.run(odd("end", mib=1.5), Limits(seconds=0.3))
        first = await anext(run)
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS
        await asyncio.sleep(0.4)
        assert len(first + await rest(run)) == 1.5 * MIB

    within(directory, test, count=1)


def test_who_leaves_frees_the_worker(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        before, _ = await place(workers, odd)
        for task in (odd("sleep", mib=2), odd("end", mib=100)):
            run = await workers.run(task)
            await anext(run)
            await run.aclose()
            assert workers.running == 0
            await run.aclose()
            assert await rest(run) == b""
        assert (await place(workers, odd))[0] != before
        assert workers.ended == {}

    within(directory, test, count=1)


def test_who_leaves_a_done_answer_costs_no_worker(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        before = await place(workers, odd)
        run = await workers.run(odd("end", mib=0.5))
        await run.aclose()
        assert await place(workers, odd) == before

    within(directory, test, count=1)


def test_who_leaves_before_the_first_byte_frees_the_worker(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        async with started(workers.run(odd("sleep"))):
            await until(lambda: workers.running)
        assert workers.running == 0
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1)


# Standing in line


def test_it_is_first_come_first_served(directory: Path, odd: Any) -> None:
    done: list[int] = []

    async def asked(workers: Workers, number: int) -> None:
        await answer(workers, query(COUNT))
        done.append(number)

    async def test(workers: Workers) -> None:
        run = await workers.run(odd("sleep", mib=2))
        async with started(*(asked(workers, number) for number in range(20))) as tasks:
            assert workers.waiting == 20
            await run.aclose()
            await asyncio.gather(*tasks)
        assert done == list(range(20))

    within(directory, test, count=1)


def test_the_line_has_an_end(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        run = await workers.run(odd("sleep", mib=2))
        async with started(*(answer(workers, query(ALL)) for _ in range(3))) as tasks:
            with pytest.raises(BusyError, match="3 others wait") as caught:
                await workers.run(query(ALL))
            assert caught.value.retry_after > 0
            await run.aclose()
            assert [number_of_rows(each) for each in await asyncio.gather(*tasks)] == [ROWS] * 3
        assert workers.ended == {"waiting": 1}

    within(directory, test, count=1, waiting=3)


def test_nobody_waits_for_ever(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        run = await workers.run(odd("sleep", mib=2))
        with pytest.raises(BusyError, match=r"at work for 0\.1 s"):
            await workers.run(query(ALL))
        assert (workers.running, workers.waiting) == (1, 0)
        await run.aclose()
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1, patience=0.1)


def test_who_leaves_the_line_lets_others_through(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        run = await workers.run(odd("sleep", mib=2))
        async with started(answer(workers, query(ALL)), answer(workers, query(ALL))) as (first, second):
            first.cancel()
            await until(lambda: workers.waiting == 1)
            await run.aclose()
            # Now it is the first one's turn in the same moment as it leaves.
            assert number_of_rows(await second) == ROWS

    within(directory, test, count=1)


def test_who_leaves_when_it_is_its_turn_holds_no_worker(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        async with started(workers.run(query(ALL))) as (task,):
            assert workers.running == 1
            task.cancel()
        assert workers.running == 0
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test, count=1)


# Workers that die


@pytest.mark.parametrize(
    ("then", "told"),
    [("abort", "by SIGABRT"), ("exit", "with exit code 3"), ("break", "exit code 1 .*LookupError: a mistake of ours")],
)
def test_a_worker_that_ends_by_itself_is_replaced(directory: Path, odd: Any, then: str, told: str) -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(WorkerError, match=told):
            await workers.run(odd(then))
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS
        assert (workers.failed, workers.restarted) == (1, 1)

    within(directory, test, count=1)


def test_a_worker_that_is_killed_while_idle_is_replaced(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        worker, nursery = await place(workers, odd)
        os.kill(worker, signal.SIGKILL)
        await until(lambda: workers.restarted == 1)
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS
        await until(lambda: {state for _, state in children(nursery)} == {"S"})
        assert len(list(children(nursery))) == 3

    within(directory, test)


def test_dead_workers_leave_neither_files_nor_processes_behind(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        _, nursery = await place(workers, odd)
        await until(lambda: len(list(children(nursery))) == 3)
        before = open_files()
        for number in range(30):
            with pytest.raises((LimitError, WorkerError)):
                await workers.run(odd("abort" if number % 2 else "sleep"), Limits(seconds=0.01))
        await until(lambda: open_files() == before)
        await until(lambda: [state for _, state in children(nursery)] == ["S"] * 3)
        assert len(os.listdir(f"/proc/{nursery}/fd")) < 10

    within(directory, test)


def test_workers_come_back_when_their_nursery_was_killed(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        worker, nursery = await place(workers, odd)
        os.kill(nursery, signal.SIGKILL)
        await until(lambda: worker not in dict(children(1)) and not Path(f"/proc/{worker}").exists())
        await until(lambda: workers.failed)
        assert (await place(workers, odd))[1] != nursery

    within(directory, test)


def test_all_end_when_the_server_is_killed(directory: Path) -> None:
    script = f"""
import asyncio
from pathlib import Path
from odd_tasks import Odd
from diplograph.queries.workers import Workers
async def main():
    async with Workers(Path({str(directory)!r}), count=1) as workers:
        print(*[piece.decode() async for piece in await workers.run(Odd("tell"))], flush=True)
        await workers.run(Odd("sleep"))
asyncio.run(main())
"""
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HERE)}
    )
    with server:
        assert server.stdout
        worker, nursery = server.stdout.readline().split()
        server.kill()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{int(pid)}").exists() for pid in (worker, nursery)):
        assert time.monotonic() < end
        time.sleep(0.01)


# New generations


def test_a_new_generation_is_answered_from_at_once(directory: Path) -> None:
    async def test(workers: Workers) -> None:
        before = workers.version
        put(directory, "second", 10)
        await asyncio.sleep(LOOK_AGAIN)
        run = await workers.run(query(ALL))
        assert number_of_rows(await rest(run)) == ROWS + 10
        assert run.version == workers.version != before

    within(directory, test)


def test_what_is_under_way_goes_on_in_the_old_generation(directory: Path) -> None:
    pairs = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"

    async def test(workers: Workers) -> None:
        old = directory / "000001"
        run = await workers.run(query(f"{pairs} LIMIT 50000", "tsv"))
        got = await anext(run)
        put(directory, "second", 10)
        await asyncio.sleep(LOOK_AGAIN)
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS + 10
        put(directory, "third", 10)
        assert old.exists()
        assert (got + await rest(run)).count(b"\n") == 50_001
        assert run.version != workers.version
        # Nobody reads it now, so that the next change clears it away.
        await until(lambda: all(process.version == workers.version for process in workers._staff.processes.values()))
        await asyncio.sleep(0.05)
        put(directory, "fourth", 10)
        assert not old.exists()

    within(directory, test)


def test_a_version_tells_one_generation_of_one_store(directory: Path, tmp_path: Path) -> None:
    versions: list[str] = []

    async def note(workers: Workers) -> None:
        versions.append(workers.version)

    with OxigraphStore(directory) as store:
        store.backup(tmp_path / "copy.db")
    for each in (directory, directory, tmp_path / "copy.db"):
        within(each, note)
    put(directory, "second", 1)
    within(directory, note)
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_a_store_that_breaks_says_so_and_can_be_mended(directory: Path) -> None:
    record = (directory / "diplograph.json").read_bytes()

    async def test(workers: Workers) -> None:
        (directory / "diplograph.json").write_text("{}")
        await asyncio.sleep(LOOK_AGAIN)
        with pytest.raises(Exception, match="layout version None"):
            await workers.run(query(ALL))
        (directory / "diplograph.json").write_bytes(record)
        await asyncio.sleep(LOOK_AGAIN)
        assert number_of_rows(await answer(workers, query(ALL))) == ROWS

    within(directory, test)


# The end


def test_at_the_end_what_runs_may_finish(directory: Path, odd: Any, tmp_path: Path) -> None:
    async def test(workers: Workers) -> None:
        runs = odd("end", mib=0.5, until=tmp_path / "go on")
        async with started(answer(workers, runs), answer(workers, query(ALL)), workers.close()) as works:
            first, second, closing = works
            with pytest.raises(BusyError, match="is ending"):
                await second
            with pytest.raises(BusyError, match="is ending"):
                await workers.run(query(ALL))
            assert not first.done()
            assert not closing.done()
            runs.until.touch()
            await closing
            assert await first == b"x" * (MIB // 2)

    within(directory, test, count=1, grace=60)


def test_at_the_end_nothing_goes_on_for_ever(directory: Path, odd: Any) -> None:
    async def test(workers: Workers) -> None:
        run = await workers.run(odd("sleep", mib=2))
        begin = time.perf_counter()
        await workers.close(0.2)
        assert 0.2 <= time.perf_counter() - begin < 5
        with pytest.raises(WorkerError):
            await rest(run)

    within(directory, test, count=1)
