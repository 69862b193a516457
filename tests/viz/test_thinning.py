"""A thinned network has what its rule says, and nothing else."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.errors import InputError
from diplograph.viz.thinning import rule_called

FACTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=80)
NUMBER = st.integers(1, 12)


def kept(rule: str, facts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ends = np.array(facts, dtype=np.int64).reshape(-1, 2)
    mask = rule_called(rule).kept(ends[:, 0], ends[:, 1])
    return [fact for fact, keep in zip(facts, mask, strict=True) if keep]


def ties(facts: list[tuple[int, int]]) -> Counter[tuple[int, int]]:
    return Counter((min(fact), max(fact)) for fact in facts)


@given(FACTS, NUMBER)
def test_the_core_is_that_of_networkx(facts, number):
    graph = nx.Graph((u, v) for u, v in facts if u != v)
    core = set(nx.k_core(graph, number))
    assert kept(f"core:{number}", facts) == [(u, v) for u, v in facts if {u, v} <= core]


@given(FACTS, NUMBER)
def test_ties_with_so_many_facts_stay_whole(facts, number):
    strong = {tie for tie, count in ties(facts).items() if count >= number}
    assert kept(f"facts:{number}", facts) == [fact for fact in facts if (min(fact), max(fact)) in strong]


@given(FACTS, NUMBER)
def test_no_tie_that_is_left_out_has_more_facts_than_one_that_stays(facts, number):
    before, after = ties(facts), ties(kept(f"strongest:{number}", facts))
    assert len(after) == min(number, len(before))
    assert all(before[tie] == count for tie, count in after.items())
    gone = [count for tie, count in before.items() if tie not in after]
    assert max(gone, default=0) <= min(after.values(), default=1)


@pytest.mark.parametrize("text", ["", "strongest", "strongest:0", "core:-1", "core:two", "weakest:3", "core:3 "])
def test_what_is_no_rule_is_refused_with_what_would_be_right(text):
    with pytest.raises(InputError, match="Use strongest:300"):
        rule_called(text)


@pytest.mark.parametrize(
    ("rule", "words"), [("strongest:1200", "1,200 ties"), ("facts:2", "2 facts"), ("core:3", "3-core")]
)
def test_a_rule_can_be_told(rule, words):
    assert words in str(rule_called(rule))
