"""What workers tell arrives as it was told, wherever the stream is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diplograph.queries.workers.telling import Frame, Kind, framed, unframed

frames = st.builds(Frame, st.sampled_from([*map(int, Kind)]), st.integers(0, 2**64 - 1), st.binary(max_size=50))


@given(st.lists(frames), st.integers(1, 40))
def test_frames_come_whole_and_in_order(told: list[Frame], step: int) -> None:
    stream = b"".join(framed(Kind(frame.kind), frame.number, frame.content) for frame in told)
    buffer, got = bytearray(), []
    for start in range(0, len(stream), step):
        buffer += stream[start : start + step]
        got += unframed(buffer)
    assert (got, buffer) == (told, b"")
