"""A small network of a council meeting, with every trait that the page and the files must carry."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

Network = nx.MultiDiGraph

KIND_LABELS = {
    "person": "Person",
    "state": "State",
    "organization": "Organization",
    "post": "Post",
    "meeting": "Meeting",
    "agreement": "Agreement",
    "place": "Place",
}
RELATIONS = {"tenure": "Tenure", "participation": "Participation", "partyship": "Party to an agreement"}


def source(document: str = "Record of the third meeting", **values: Any) -> dict[str, Any]:
    return {
        "document": document,
        "published": "2023-02-28",
        "level": "stated",
        "passage": "characters 10-42",
        "quote": None,
        "decided_by": None,
        **values,
    }


def fact(text: str, **values: Any) -> dict[str, Any]:
    return {"text": text, "dates": "", "realis": "held", "claimed_by": None, "sources": [source()], **values}


def add_node(network: Network, kind: str, name: str, label: str, **values: Any) -> str:
    iri = f"https://example.org/id/{kind}/{name}"
    plain = {"kind_label": KIND_LABELS.get(kind, kind.title()), "aliases": [], "facts": [], "note": None}
    network.add_node(iri, label=label, kind=kind, **{**plain, **values})
    return iri


def add_edge(network: Network, ends: tuple[str, str], kind: str, label: str, **values: Any) -> str:
    iri = f"https://example.org/id/fact/{network.number_of_edges()}"
    start, end = values.pop("start", None), values.pop("end", None)
    told = values.pop("fact", None) or fact(label, dates=" to ".join(sorted({d for d in (start, end) if d})))
    standing = {"realis": "held", "claimed_by": None, **values}
    network.add_edge(
        *ends,
        key=iri,
        label=label,
        kind=kind,
        kind_label=RELATIONS.get(kind, kind.title()),
        start=start,
        end=end,
        directed=standing.pop("directed", True),
        fact={**told, "realis": standing["realis"], "claimed_by": standing["claimed_by"]},
        **standing,
    )
    return iri


@pytest.fixture
def council() -> Network:
    """Twelve entities in two parts, fifteen facts; three of them between the same two states."""
    n = nx.MultiDiGraph(title="The Council’s third meeting", subtitle="Who took part, and who says so")
    lind = add_node(
        n, "person", "lind", "Åsa Lindqvist", aliases=["A. Lindqvist"], facts=[fact("born in Uppsala", dates="1961")]
    )
    okoro = add_node(n, "person", "okoro", "Ngozi Okoro", note="Spoke for both delegations.")
    petrov = add_node(n, "person", "petrov", "Пётр Петров", aliases=["Pyotr Petrov"])
    aland = add_node(n, "state", "aland", "Aland")
    borduria = add_node(n, "state", "borduria", "Borduria")
    minister = add_node(n, "post", "minister", "Minister of Foreign Affairs of Aland")
    envoy = add_node(n, "post", "envoy", "Ambassador of Borduria to Aland")
    body = add_node(n, "organization", "council", "Aland–Borduria Council")
    meeting = add_node(n, "meeting", "third", "Third meeting of the Aland–Borduria Council")
    pact = add_node(n, "agreement", "pact", "Declaration on Allied Interaction between Aland and Borduria")
    town = add_node(n, "place", "haven", "Haven")
    add_node(n, "organization", "archive", "Archive of Treaties")
    quoted = fact(
        "took part as speaker",
        dates="28 February 2023",
        sources=[source(quote="Lindqvist, the minister, spoke first", level="resolved", decided_by="characters 1-9")],
    )
    add_edge(n, (lind, minister), "tenure", "holds post", start="2019-11", end="2023-02-28")
    add_edge(n, (okoro, minister), "tenure", "holds post", start="2010", end="2019-11")
    add_edge(n, (petrov, envoy), "tenure", "holds post", start="2022")
    add_edge(n, (minister, aland), "representation", "post of")
    add_edge(n, (envoy, borduria), "representation", "post of")
    add_edge(n, (lind, meeting), "participation", "participated in", start="2023-02-28", end="2023-02-28", fact=quoted)
    add_edge(n, (petrov, meeting), "participation", "participated in", start="2023-02-28", end="2023-02-28")
    add_edge(n, (meeting, body), "series", "meeting of")
    add_edge(n, (meeting, town), "location", "held in", start="2023-02-28", end="2023-02-28")
    add_edge(n, (aland, pact), "partyship", "party to", start="2022", end="2022")
    add_edge(n, (borduria, pact), "partyship", "party to", start="2022", end="2022", realis="planned")
    add_edge(n, (aland, borduria), "relations", "diplomatic relations", start="1992", directed=False)
    add_edge(n, (aland, borduria), "relations", "partner of", realis="claimed", claimed_by="Åsa Lindqvist")
    add_edge(n, (borduria, aland), "relations", "at war with", realis="denied", claimed_by="Пётр Петров")
    add_edge(n, (body, body), "relations", "succeeded itself as", start="2020", end="2020")
    return n


HOSTILE = (
    "</script><script>window.__hit = 1</script>"
    '<img src=x onerror="window.__hit = 2"> href=\'javascript:window.__hit = 3\' "quoted" {{ 7 * 7 }} {% raw %} '
    "\u2028\u2029\u202eturned\u202c\u200f\x00\x07 ]]> <!-- <script "
)


@pytest.fixture
def hostile() -> Network:
    """Every text of the network tries to leave its place, and the longest has 5,000 characters."""
    n = nx.MultiDiGraph(title=HOSTILE, subtitle=HOSTILE)
    bad = [source(HOSTILE, published=HOSTILE, passage=HOSTILE, quote=HOSTILE, decided_by=HOSTILE)]
    told = fact(HOSTILE, dates=HOSTILE, claimed_by=HOSTILE, sources=bad)
    one = add_node(n, "person", HOSTILE, HOSTILE, aliases=[HOSTILE], facts=[told], note=HOSTILE)
    two = add_node(n, HOSTILE, "2", "x" * 5000, kind_label=HOSTILE, aliases=["href=" * 1000])
    three = add_node(n, "state", "__proto__", "", aliases=["constructor", "__proto__"])
    add_edge(n, (one, two), HOSTILE, HOSTILE, realis="claimed", claimed_by=HOSTILE, start=HOSTILE, fact=told)
    add_edge(n, (two, three), "__proto__", "toString", start="2020", end="2021", fact=told)
    return n
