"""Every measure gives what networkx gives, or what its definition gives step by step, with and without igraph."""

from __future__ import annotations

import builtins
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from diplograph.errors import InputError
from diplograph.graph.edges.incidence import Incidence, common_targets
from diplograph.graph.edges.table import EdgeTable
from diplograph.viz.measures import MEASURES, engines, measure_called, measured, shares
from diplograph.viz.measures.balance import balance
from diplograph.viz.measures.brokerage import ROLES, brokerage
from diplograph.viz.measures.communities import communities, modularity
from diplograph.viz.ties import Ties


class Actors:
    """As much of an edge table as a made-up network needs: names."""

    def __init__(self, size: int) -> None:
        self.terms = np.array([f"n{number:02}" for number in range(size)], dtype=object)


def network(arcs: Iterable[tuple[int, int, int]], *, directed: bool = False, size: int = 0) -> Ties:
    """The network of some ties, each as two numbers and a weight."""
    arcs = list(arcs)
    size = max([size, *(max(a, b) + 1 for a, b, _ in arcs)])
    matrix = np.zeros((size, size), dtype=int)
    for a, b, weight in arcs:
        matrix[a, b] = weight
        if not directed:
            matrix[b, a] = weight
    table: EdgeTable = Actors(size)  # type: ignore[assignment]
    return Ties(table, "made-up", "any", np.arange(size), csr_array(matrix), directed)


@st.composite
def networks(draw: st.DrawFn, directed: bool | None = None) -> Ties:
    size = draw(st.integers(2, 9))
    number = st.integers(0, size - 1)
    pairs = draw(st.sets(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=24))
    way = draw(st.booleans()) if directed is None else directed
    pairs = pairs if way else {(min(pair), max(pair)) for pair in pairs}
    return network([(a, b, draw(st.integers(1, 4))) for a, b in sorted(pairs)], directed=way, size=size)


def column(name: str, ties: Ties, **options: object) -> np.ndarray:
    [values] = [values for columns in measured(ties, [name], options).values() for values in list(columns.values())[:1]]
    return values


def by_actor(ties: Ties, values: dict[str, float]) -> list[float]:
    return [values[name] for name in ties.names]


def alike(ties: Ties) -> nx.Graph:
    return nx.Graph(ties.networkx().to_undirected())


REFERENCES = {
    "degree": lambda t, g: by_actor(t, dict(g.degree())),
    "strength": lambda t, g: by_actor(t, dict(g.degree(weight="weight"))),
    "betweenness": lambda t, g: by_actor(t, nx.betweenness_centrality(g, normalized=False)),
    "closeness": lambda t, g: np.array(by_actor(t, nx.harmonic_centrality(g))) / (len(t) - 1),
    "pagerank": lambda t, g: by_actor(t, nx.pagerank(g, tol=1e-12, max_iter=1000)),
    "k-core": lambda t, g: by_actor(t, nx.core_number(alike(t))),
    "clustering": lambda t, g: by_actor(t, nx.clustering(alike(t))),
    "density": lambda t, g: [nx.density(g)],
}


@pytest.mark.parametrize("name", REFERENCES)
@settings(max_examples=40, deadline=None)
@given(ties=networks())
def test_a_measure_is_what_networkx_makes_it(name, ties):
    np.testing.assert_allclose(column(name, ties), REFERENCES[name](ties, ties.networkx()), atol=1e-9)


@pytest.mark.parametrize("name", ["betweenness", "closeness", "k-core"])
@settings(max_examples=20, deadline=None)
@given(ties=networks())
def test_without_igraph_a_measure_is_the_same(name, ties):
    fast = column(name, ties)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "find_spec", lambda _: None)
        np.testing.assert_allclose(column(name, ties), fast, atol=1e-9)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize(("program", "fails"), [(sys.executable, False), (shutil.which("false"), True)])
def test_betweenness_is_the_same_in_shares_even_if_their_processes_fail(monkeypatch, directed, program, fails):
    chance = random.Random(7)  # noqa: S311 - no secret
    arcs = [(*chance.sample(range(60), 2), 1) for _ in range(200)]
    ties = network({(a, b): (a, b, w) for a, b, w in arcs if directed or a < b}.values(), directed=directed, size=60)
    alone, begun = column("betweenness", ties), []

    class Begun(subprocess.Popen):
        def __init__(self, *args, **more):
            begun.append(self)
            super().__init__(*args, **more)

    monkeypatch.setattr(shares, "_WORTH", 0)
    monkeypatch.setattr(shares.os, "sched_getaffinity", lambda _: {0, 1, 2})
    monkeypatch.setattr(shares.sys, "executable", program)
    monkeypatch.setattr(shares.subprocess, "Popen", Begun)
    np.testing.assert_allclose(column("betweenness", ties), alone, rtol=1e-12)
    assert [bool(process.returncode) for process in begun] == [fails] * 2
    np.testing.assert_allclose(alone, REFERENCES["betweenness"](ties, ties.networkx()), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(ties=networks(directed=False))
def test_the_eigenvector_is_one(ties):
    vector, matrix = column("eigenvector", ties), ties.weights.toarray()
    assert vector.max() == pytest.approx(1)
    assert (vector >= -1e-9).all()
    greatest = np.linalg.eigvalsh(matrix).max()
    # Where two eigenvalues are nearly the same, it comes slowly to its end.
    np.testing.assert_allclose(matrix @ vector, greatest * vector, atol=2e-2)


@settings(max_examples=40, deadline=None)
@given(ties=networks())
def test_constraint_is_what_networkx_makes_it(ties):
    graph = ties.networkx()
    expected = np.nan_to_num(by_actor(ties, nx.constraint(graph, weight="weight")))
    np.testing.assert_allclose(column("constraint", ties), expected, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(ties=networks())
def test_components_are_numbered_by_their_size(ties):
    parts = column("components", ties)
    groups = {frozenset(np.flatnonzero(parts == part)) for part in set(parts)}
    names = ties.names
    expected = {frozenset(map(names.index, part)) for part in nx.connected_components(alike(ties))}
    assert groups == expected
    sizes = np.bincount(parts.astype(int))
    assert list(sizes) == sorted(sizes, reverse=True)


@settings(max_examples=40, deadline=None)
@given(ties=networks())
def test_assortativity_is_what_networkx_makes_it(ties):
    graph = ties.networkx()
    found = column("assortativity", ties)[0]
    if np.isnan(found):
        degrees = {(graph.degree(u), graph.degree(v)) for u, v in graph.edges()}
        assert ties.directed or len({d for pair in degrees for d in pair}) == 1
    else:
        assert found == pytest.approx(nx.degree_pearson_correlation_coefficient(graph), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(ties=networks(), data=st.data())
def test_brokerage_counts_open_steps_by_the_groups_of_the_three(ties, data):
    size = len(ties)
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
    tied = ties.weights.toarray() > 0
    expected = {role: np.zeros(size) for role in ROLES}
    for i, j, k in permutations(range(size), 3):
        if tied[i, j] and tied[j, k] and not tied[i, k]:
            a, b, c = groups[[i, j, k]]
            role = (
                "coordinator" if a == b == c
                else "itinerant" if a == c
                else "gatekeeper" if b == c
                else "representative" if a == b
                else "liaison"
            )  # fmt: skip
            expected[role][j] += 1
    found = brokerage(ties, groups=groups)
    for role in ROLES:
        np.testing.assert_array_equal(found[f"brokerage-{role}"], expected[role], role)
    np.testing.assert_array_equal(found["brokerage"], sum(expected.values()))


@settings(max_examples=40, deadline=None)
@given(ties=networks(directed=False), data=st.data())
def test_balance_is_the_share_of_triangles_whose_signs_multiply_to_plus(ties, data):
    source, target, weight = ties.edges
    signs = np.array(data.draw(st.lists(st.sampled_from([1, -1]), min_size=len(weight), max_size=len(weight))))
    sign = {}
    for a, b, s in zip(source, target, signs, strict=True):
        sign[a, b] = sign[b, a] = s
    triangles = [
        sign[i, j] * sign[j, k] * sign[i, k]
        for i, j, k in permutations(range(len(ties)), 3)
        if i < j < k and (i, j) in sign and (j, k) in sign and (i, k) in sign
    ]
    [found] = balance(ties, signs=signs)["balance"]
    if triangles:
        assert found == pytest.approx(sum(s > 0 for s in triangles) / len(triangles))
    else:
        assert np.isnan(found)


def two_circles() -> Ties:
    circles = [(a + base, b + base, 3) for base in (0, 5) for a in range(5) for b in range(a)]
    return network([*circles, (0, 5, 1)])


def test_communities_are_the_circles_and_the_same_each_time():
    ties = two_circles()
    found = communities(ties)["community"]
    assert [len(set(found[:5])), len(set(found[5:])), len(set(found))] == [1, 1, 2]
    np.testing.assert_array_equal(found, communities(ties)["community"])


@settings(max_examples=40, deadline=None)
@given(ties=networks(directed=False))
def test_modularity_is_what_networkx_makes_it_and_communities_have_as_much_as_theirs(ties):
    graph, groups = ties.networkx(), communities(ties)["community"]
    parts = [{name for name, group in zip(ties.names, groups, strict=True) if group == one} for one in set(groups)]
    mine = modularity(ties, groups)
    assert mine == pytest.approx(nx.community.modularity(graph, parts, weight="weight"), abs=1e-9)
    alone = modularity(ties, np.arange(len(ties)))
    assert mine >= alone - 1e-9


def test_communities_without_igraph_say_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "igraph":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'diplograph\[networks\]'"):
        communities(two_circles())


def meetings(*events: tuple[str, str]) -> Ties:
    """A network of meetings, each as the letters of who was there, and its day."""
    days = [int(np.datetime64(day, "D").astype(int)) for _, day in events]
    rows = [(ord(who) - ord("a"), 100 + n, days[n]) for n, (all_, _) in enumerate(events) for who in all_]
    actor, target, day = (np.array(values, dtype=np.int64) for values in zip(*rows, strict=True))
    incidence = Incidence(actor, target, day, day, np.arange(len(day)))
    actors, weights = common_targets(incidence, at_once=False)
    table: EdgeTable = Actors(200)  # type: ignore[assignment]
    return Ties(table, "met", "people", actors, weights, False, incidence)


YEARLY = [("ab", f"{year}-06-01") for year in range(2005, 2015)]


def test_contacts_have_a_first_and_a_last_day():
    found = measured(meetings(("ab", "1960-05-01"), ("abc", "1962-05-01"), ("ab", "1962-05-01")), ["contact"])["tie"]
    assert found["first-contact"].astype(str).tolist() == ["1960-05-01", "1962-05-01", "1962-05-01"]
    assert found["last-contact"].astype(str).tolist() == ["1962-05-01"] * 3
    assert found["contact-days"].tolist() == [2, 1, 1]


def test_who_met_yearly_and_then_no_more_has_ended():
    found = measured(meetings(*YEARLY, ("ac", "2023-06-01")), ["rhythm"])["tie"]
    assert found["median-gap"][0] == pytest.approx(1, abs=0.01)
    assert found["longest-gap"][0] == pytest.approx(1, abs=0.01)
    assert found["silence"][0] == pytest.approx(9, abs=0.01)
    assert found["ended"][0] == 1
    assert np.isnan(found["ended"][1])
    still = measured(meetings(*YEARLY), ["rhythm"], {"until": "2015-06-01"})["tie"]
    assert still["ended"].tolist() == [0]


def test_a_trend_is_the_slope_of_the_yearly_number():
    rising = [("ab", f"{2000 + n}-01-0{day}") for n in range(4) for day in range(1, n + 2)]
    falling = [("cd", f"{2003 - n}-01-0{day}") for n in range(4) for day in range(1, n + 2)]
    found = measured(meetings(*rising, *falling), ["trend"])["tie"]["trend"]
    np.testing.assert_allclose(found, [1, -1])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["ab", "abc", "bc", "ad", "abcd"]), st.dates().map(str)), min_size=1, max_size=8)
)
def test_rhythm_is_what_a_walk_through_the_days_gives(events):
    ties = meetings(*events)
    found = measured(ties, ["contact", "rhythm"])["tie"]
    for place, (a, b) in enumerate(zip(*ties.edges[:2], strict=True)):
        pair = {chr(ord("a") + int(ties.actors[a])), chr(ord("a") + int(ties.actors[b]))}
        days = sorted({np.datetime64(day) for who, day in events if pair <= set(who)})
        gaps = np.diff(days).astype(int) / 365.2425
        assert found["first-contact"][place] == days[0]
        assert found["last-contact"][place] == days[-1]
        if len(gaps) >= 2:
            assert found["median-gap"][place] == pytest.approx(np.median(gaps))
            assert found["longest-gap"][place] == pytest.approx(gaps.max())
        else:
            assert np.isnan(found["median-gap"][place])


def test_only_meetings_have_a_rhythm():
    with pytest.raises(InputError, match="Only meetings have a rhythm"):
        measured(two_circles(), ["rhythm"])


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_what_it_is_and_by_whom(name):
    measure = MEASURES[name]
    assert measure.summary.endswith(".")
    assert len(measure.definition) > 150
    if measure.about == "actor" and name not in ("components",):
        assert any(year in measure.definition for year in ("19", "20")), "no source"


def test_a_measure_that_there_is_none_of_is_refused_with_those_near():
    with pytest.raises(InputError, match=r"no measure 'betweeness'\. Use betweenness"):
        measure_called("betweeness")
