"""Entities by what people call them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import BNode, Literal, URIRef

from diplograph.errors import AmbiguousNameError, IdentifierError, NotFoundError
from diplograph.graph.entities import Names, kinds_of, labels, narrower
from diplograph.graph.loading import Source, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store, View
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG

NewSource = Callable[[str, str], Source]
WORLD = """
state:AZE a dg:State ; skos:prefLabel "Azerbaijan"@en, "Azərbaycan"@az ; skos:altLabel "Azerbaidzhan"@en ;
    dg:officialName "Republic of Azerbaijan"@en ; dg:isoAlpha2 "AZ" ; dg:isoAlpha3 "AZE" .
state:COG a dg:State ; skos:prefLabel "Congo"@en ; dg:isoAlpha3 "COG" .
state:COD a dg:State ; skos:prefLabel "Democratic Republic of the Congo"@en ; skos:altLabel "Congo"@en .
place:georgia a dg:Region ; skos:prefLabel "Georgia"@en .
state:GEO a dg:State ; skos:prefLabel "Georgia"@en .
person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en .
person:anna a dg:Person ; skos:prefLabel "Anna Lindqvist-Ågren"@en ; skos:altLabel "Anna O'Neil"@en .
organization:ann a dg:ThinkTank ; skos:prefLabel "Ann Foundation"@en .
work:a a dg:Report ; dcterms:title "Ways to Peace"@en .
event:a a dg:Meeting .
[] skos:prefLabel "nobody"@en .
"""


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def view(request: pytest.FixtureRequest, new_source: NewSource) -> View:
    """A view of a small world in either engine."""
    store: Store = request.param()
    load(store, [new_source("a", WORLD)])
    return store.view()


def iri(short: str) -> URIRef:
    kind, _, name = short.partition(":")
    return URIRef(PREFIXES[kind] + name)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Azerbaijan", "state:AZE"),
        ("  azerbaijan ", "state:AZE"),
        ("AZƏRBAYCAN", "state:AZE"),
        ("azerbaycan", "state:AZE"),
        ("Azerbaidzhan", "state:AZE"),
        ("republic of azerbaijan", "state:AZE"),
        ("AZ", "state:AZE"),
        ("aze", "state:AZE"),
        ("state/AZE", "state:AZE"),
        ("state:AZE", "state:AZE"),
        (f"<{PREFIXES['state']}AZE>", "state:AZE"),
        (f"{PREFIXES['state']}AZE", "state:AZE"),
        ("anna lindqvist agren", "person:anna"),
        ("Anna ONeil", "person:anna"),
        ("Anna O’Neil", "person:anna"),
        ("Ways to peace", "work:a"),
        ("Congo", "state:COG"),
    ],
)
def test_an_entity_is_found_by_what_it_is_called(view: View, text: str, entity: str) -> None:
    assert Names(view).entity(text) == iri(entity)


def test_a_name_of_several_is_ambiguous(view: View) -> None:
    with pytest.raises(
        AmbiguousNameError, match=r"'georgia' could be any of 2: Georgia \(Region\) <.*georgia>; .*State"
    ) as it:
        Names(view).entity("georgia")
    assert it.value.candidates == (
        ("Georgia (Region)", str(iri("place:georgia"))),
        ("Georgia (State)", str(iri("state:GEO"))),
    )
    assert Names(view).entity("georgia", [DG.State]) == iri("state:GEO")
    assert Names(view).entity("georgia", [DG.Region]) == iri("place:georgia")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Ann", r"Nothing is called 'Ann'\. Names near it: Ann Lind, Ann Foundation, Anna"),
        ("Ruritania", r"Nothing is called 'Ruritania'\. `diplograph find` searches names"),
        ("state/XYZ", r"says nothing of <.*state/XYZ>"),
        ("https://example.org/x", r"says nothing of <https://example\.org/x>"),
        ("nobody", "Nothing is called"),
        ("", "Nothing is called"),
        ("?!", "Nothing is called"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(view: View, text: str, message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        Names(view).entity(text)


def test_the_kind_that_is_looked_for_is_named(view: View) -> None:
    with pytest.raises(NotFoundError, match=r"Nothing of kind person is called 'Azerbaijan'"):
        Names(view).entity("Azerbaijan", [DG.Person])


@pytest.mark.parametrize("text", ["state:A B", "<http://example.org/a b>", "<relative>"])
def test_a_broken_iri_is_an_error(view: View, text: str) -> None:
    with pytest.raises(IdentifierError):
        Names(view).entity(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", ["Ann Lind", "Ann Foundation", "Anna Lindqvist-Ågren"]),
        ("lind", ["Ann Lind", "Anna Lindqvist-Ågren"]),
        ("lind ann", ["Ann Lind", "Anna Lindqvist-Ågren"]),
        ("CONGO", ["Congo", "Democratic Republic of the Congo"]),
        ("baijan", ["Azerbaijan"]),
        ("xyz", []),
        ("", []),
    ],
)
def test_names_are_searched_best_match_first(view: View, text: str, found: list[str]) -> None:
    assert [name.label for name in Names(view).containing(text)] == found


def test_a_search_keeps_to_the_kinds_and_tells_the_name_that_matched(view: View) -> None:
    [name] = Names(view).containing("ann", [DG.Organization])
    assert (name.label, name.kinds) == ("Ann Foundation", (DG.ThinkTank,))
    [alias] = Names(view).containing("neil")
    assert (alias.name, alias.label) == ("Anna O'Neil", "Anna Lindqvist-Ågren")


def test_a_term_has_its_best_label(view: View) -> None:
    found = labels(
        view, [iri("state:AZE"), iri("work:a"), iri("event:a"), DG.Tenure, Literal("text"), URIRef("urn:x"), BNode("b")]
    )
    assert found == {
        iri("state:AZE"): "Azerbaijan",
        iri("work:a"): "Ways to Peace",
        iri("event:a"): "event:a",
        DG.Tenure: "Tenure",
        Literal("text"): "text",
        URIRef("urn:x"): "<urn:x>",
        BNode("b"): "b",
    }
    assert labels(view, []) == {}


def test_entities_have_kinds(view: View) -> None:
    assert kinds_of(view, [iri("state:AZE"), iri("event:a"), URIRef("urn:x")]) == {
        iri("state:AZE"): (DG.State,),
        iri("event:a"): (DG.Meeting,),
    }
    assert kinds_of(view, []) == {}


def test_more_entities_than_one_query_names_have_labels(new_source: NewSource) -> None:
    store = OxigraphStore()
    people = "".join(f'person:p{n} a dg:Person ; skos:prefLabel "Person {n}"@en .\n' for n in range(2005))
    load(store, [new_source("a", people)])
    everyone = [iri(f"person:p{n}") for n in range(2005)]
    assert labels(store.view(), everyone) == {person: f"Person {n}" for n, person in enumerate(everyone)}
    assert len(kinds_of(store.view(), everyone)) == 2005


def test_a_class_knows_those_below_it() -> None:
    assert DG.ThinkTank in narrower(DG.Organization)
    assert DG.Organization not in narrower(DG.Organization)
    assert narrower(DG.Tenure) == ()
