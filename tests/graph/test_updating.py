"""SPARQL Update does to documents what the engine does to graphs, and all else follows from the documents."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS

from diplograph.errors import (
    DiplographError,
    InputError,
    QueryError,
    QueryRefusedError,
    QuerySyntaxError,
    StoreError,
    ValidationError,
)
from diplograph.graph.loading import Source, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.operations import Using
from diplograph.graph.oxigraph import OxigraphDataset, OxigraphStore, canonical
from diplograph.graph.provenance import attach, documents, quotations_graph
from diplograph.graph.store import LOADS, Store
from diplograph.graph.updating import planned, update, updated
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

Documents: TypeAlias = Mapping[URIRef, bytes]

A, B, C, D = (document_iri(name) for name in "abcd")
DG, REALIS = PREFIXES["dg"], PREFIXES["realis"]
HEAD: Final = "PREFIX x: <http://example.org/> "
TENURE: Final = (
    f"<http://example.org/ann> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DG}Person> .\n"
    f'<http://example.org/ann> <{PREFIXES["skos"]}prefLabel> "Ann"@en .\n'
    f"<http://example.org/post> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DG}Post> .\n"
    f'<http://example.org/post> <{PREFIXES["skos"]}prefLabel> "Envoy"@en .\n'
    f"_:f <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DG}Tenure> .\n"
    f"_:f <{DG}person> <http://example.org/ann> .\n"
    f"_:f <{DG}post> <http://example.org/post> .\n"
)
HOLDS: Final = "ASK { <http://example.org/ann> dg:holdsPost <http://example.org/post> }"


def loaded(store: Store, given: Documents) -> Store:
    from diplograph.graph.minting import minted

    load(store, [Source(name, minted(content, name), f"{name}.nt") for name, content in given.items()])
    return store


def held(store: Store) -> dict[URIRef, bytes]:
    view = store.view()
    return {name: view.ntriples(name) for name in view.graphs() if name != LOADS}


def form(content: bytes) -> str:
    return hashlib.sha256(canonical(content)).hexdigest() if content else ""


def state(store: Store) -> set[bytes]:
    """All that a store holds, its records too."""
    view = store.view()
    return {line + str(name).encode() for name in (None, *view.graphs()) for line in view.ntriples(name).splitlines()}


def merged(given: Documents) -> set[bytes]:
    with loaded(OxigraphStore(), given) as fresh:
        return set(fresh.view().ntriples().splitlines())


# Updates made by chance

names = st.sampled_from(["doc:a", "doc:b", "doc:c", "doc:d"])
nodes = st.sampled_from(["x:r", "x:s", "x:t"])
triples = st.builds(
    "{} x:{} {}".format, nodes, st.sampled_from("pq"), st.one_of(nodes, st.just("1"), st.just('"v"@en'))
)
blocks = st.lists(triples, min_size=1, max_size=3).map(" . ".join)
quads = st.lists(st.builds("GRAPH {} {{ {} }}".format, names, blocks), min_size=1, max_size=2).map(" ".join)
patterns = st.sampled_from(
    [
        "GRAPH doc:a { ?s ?p ?o }",
        "GRAPH ?g { ?s x:p ?o }",
        "?s ?p ?o FILTER(isLiteral(?o) && ?o != 'Ann'@en)",
        "?s x:q ?o ; ?p ?o",
        "?s ?p ?o . FILTER NOT EXISTS { GRAPH doc:b { ?s ?p ?o } } FILTER(STRSTARTS(STR(?p), 'http://example.org/'))",
    ]
)
graphs = st.sampled_from(["doc:a", "doc:b", "doc:d", "?g"])
operations = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, quads),
    st.builds("DELETE DATA {{ {} }}".format, quads),
    st.builds("DELETE WHERE {{ GRAPH {} {{ ?s x:p ?o }} }}".format, graphs),
    st.builds("INSERT {{ GRAPH {} {{ ?s ?p ?o }} }} WHERE {{ {} }}".format, graphs, patterns),
    st.builds("DELETE {{ GRAPH {} {{ ?s ?p ?o }} }} WHERE {{ {} }}".format, graphs, patterns),
    st.builds(
        "DELETE {{ GRAPH {0} {{ ?s ?p ?o }} }} INSERT {{ GRAPH {1} {{ ?s x:q ?o }} }} WHERE {{ {2} }}".format,
        graphs,
        graphs,
        patterns,
    ),
    st.builds("WITH {} DELETE {{ ?s ?p ?o }} INSERT {{ ?o x:p ?s }} WHERE {{ ?s ?p ?o . ?o ?q ?r }}".format, names),
    st.builds("INSERT {{ GRAPH {} {{ ?s x:p 2 }} }} USING {} WHERE {{ ?s ?p ?o }}".format, names, names),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["CLEAR", "DROP"]),
        st.sampled_from(["SILENT", ""]),
        st.one_of(names.map("GRAPH {}".format), st.just("NAMED"), st.just("ALL")),
    ),
    st.builds("CREATE {} GRAPH {}".format, st.sampled_from(["SILENT", ""]), names),
    st.builds(
        "{} {} {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), st.sampled_from(["SILENT", ""]), names, names
    ),
    st.builds("ADD DEFAULT TO {}".format, names),
)
nothing_blank: Documents = {
    A: b"<http://example.org/r> <http://example.org/p> <http://example.org/s> .\n",
    B: b'<http://example.org/s> <http://example.org/q> "v"@en .\n'
    b'<http://example.org/s> <http://example.org/p> "v"@en .\n',
    C: TENURE.encode(),
}


def asked_of_the_engine(given: Documents, updates: list[str]) -> dict[URIRef, bytes]:
    """What the engine makes of the documents as graphs, in a dataset whose default graph is their merged view."""
    prefixes = HEAD + "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
    for each in updates:
        default = b"".join(line + b"\n" for line in merged(given))
        dataset = OxigraphDataset({None: default, **given})
        dataset.update(prefixes + each)
        given = {name: content for name, content in dataset.graphs().items() if name is not None}
    return dict(given)


def check_against_the_engine(store: Store, updates: list[str]) -> None:
    before, whole = held(store), state(store)
    try:
        expected = asked_of_the_engine(before, updates)
    except DiplographError as error:
        with pytest.raises(type(error)):
            update(store, HEAD + " ; ".join(updates))
        assert state(store) == whole
        return
    try:
        effects = update(store, HEAD + " ; ".join(updates))
    except ValidationError:
        assert state(store) == whole
        return
    after = held(store)
    assert {name: form(content) for name, content in after.items() if content} == {
        name: form(content) for name, content in expected.items() if content
    }
    changed = {name for name in {*before, *after} if form(before.get(name, b"")) != form(after.get(name, b""))}
    assert changed <= set(effects)
    assert {name for name, effect in effects.items() if effect == "removed"} == set(before) - set(after)
    assert {name for name, effect in effects.items() if effect == "new"} == set(after) - set(before)
    assert set(store.view().ntriples().splitlines()) == merged(after)
    assert {record.iri for record in documents(store.view()) if record.taken_in} == set(after)


@settings(max_examples=100, deadline=None)
@given(st.lists(operations, min_size=1, max_size=4))
def test_documents_become_what_the_engine_makes_of_graphs_and_the_merged_view_follows(updates: list[str]) -> None:
    with loaded(OxigraphStore(), nothing_blank) as store:
        check_against_the_engine(store, updates)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(operations, min_size=1, max_size=3))
def test_so_it_is_on_disk(updates: list[str]) -> None:
    with tempfile.TemporaryDirectory() as directory, loaded(OxigraphStore(Path(directory)), nothing_blank) as store:
        check_against_the_engine(store, updates)
        assert not [path for path in Path(directory).iterdir() if "draft" in path.name]


@settings(max_examples=50, deadline=None)
@given(operations)
def test_so_it_is_with_blank_nodes(each: str) -> None:
    blank = (
        b"_:n <http://example.org/p> _:m .\n_:m <http://example.org/q> <http://example.org/s> .\n"
        b'_:k <http://example.org/p> "v"@en .\n'
    )
    with loaded(OxigraphStore(), {A: blank, B: blank, D: nothing_blank[A]}) as store:
        before = held(store)
        expected = asked_of_the_engine(before, [])
        dataset = OxigraphDataset({None: store.view().ntriples(), **expected})
        prefixes = HEAD + "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
        try:
            dataset.update(prefixes + each)
        except DiplographError as error:
            with pytest.raises(type(error)):
                update(store, HEAD + each)
            return
        effects = update(store, HEAD + each)
        after = held(store)
        wanted = {name: form(content) for name, content in dataset.graphs().items() if name is not None and content}
        assert {name: form(content) for name, content in after.items() if content} == wanted
        for name in before.keys() - effects.keys():
            assert set(after[name].splitlines()) == set(before[name].splitlines()), "they keep their labels"


# What an update may do


@contextmanager
def nothing_changes(store: Store) -> Iterator[None]:
    before = state(store)
    yield
    assert state(store) == before


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with OxigraphStore(tmp_path / "store" if request.param == "disk" else None) as made:
        yield loaded(made, nothing_blank)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { x:s x:p 1 }",
        "INSERT DATA { GRAPH doc:a { x:s x:p 1 } x:s x:p 1 }",
        "DELETE DATA { x:s x:p 1 . GRAPH doc:a { x:s x:p 1 } }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } WHERE { GRAPH doc:a { ?s ?p ?o } }",
        "INSERT { ?s x:q ?o } USING doc:a WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT",
        "DROP SILENT DEFAULT",
        "COPY doc:a TO DEFAULT",
        "MOVE DEFAULT TO doc:a",
        "ADD doc:a TO DEFAULT",
        "INSERT DATA { GRAPH doc:a { x:s x:p 1 } } ; CLEAR DEFAULT",
    ],
)
def test_the_merged_view_is_not_changed_but_by_documents(store: Store, text: str) -> None:
    with nothing_changes(store), pytest.raises(QueryRefusedError, match="Name a document"):
        update(store, HEAD + text)


def test_the_refusal_tells_which_operation_it_is(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="DROP at line 2, column 3 "):
        update(store, "CREATE GRAPH doc:d ;\n  DROP DEFAULT")


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH {LOADS.n3()} {{ x:s x:p 1 }} }}",
        f"WITH {LOADS.n3()} INSERT {{ ?s x:p 1 }} WHERE {{ GRAPH doc:a {{ ?s ?p ?o }} }}",
        f"COPY doc:a TO {LOADS.n3()}",
        f"CREATE GRAPH {LOADS.n3()}",
        f"CLEAR GRAPH {LOADS.n3()}",
        f"DROP GRAPH {LOADS.n3()}",
        f"MOVE {LOADS.n3()} TO doc:a",
        "BASE <https://w3id.org/diplograph/id/graph/x> INSERT DATA { GRAPH <./loads> { x:s x:p 1 } }",
    ],
)
def test_the_stores_own_records_are_not_written(store: Store, text: str) -> None:
    with nothing_changes(store), pytest.raises(QueryError):
        update(store, HEAD + text)


def test_the_stores_own_records_are_not_read(store: Store) -> None:
    before = store.view().ntriples(LOADS)
    assert b"loadedFrom" in before
    for pattern in (f"GRAPH {LOADS.n3()} {{ ?s ?p ?o }}", "GRAPH ?g { ?s dg:loadedFrom ?o ; ?p ?o }"):
        assert update(store, f"INSERT {{ GRAPH doc:d {{ ?s ?p ?o }} }} WHERE {{ {pattern} }}") == {}
    assert update(store, f"INSERT {{ GRAPH doc:d {{ ?s ?p ?o }} }} USING {LOADS.n3()} WHERE {{ ?s ?p ?o }}") == {}
    assert update(store, f"COPY SILENT {LOADS.n3()} TO doc:d") == {}
    assert store.view().ntriples(LOADS) == before


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH doc:a",
        "LOAD <urn:x:y> INTO GRAPH doc:a",
        "INSERT { GRAPH doc:a { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "CREATE GRAPH doc:d ; LOAD <http://127.0.0.1:9/>",
        f"INSERT {{ GRAPH doc:a {{ ?s x:p 1 }} }} WHERE {{ {'{' * 400} ?s ?p ?o {'}' * 400} }}",
        f"INSERT {{ GRAPH doc:a {{ ?s x:p ?x }} }} WHERE {{ ?s ?p ?o BIND({'1+' * 5000}1 AS ?x) }}",
        f"INSERT DATA {{ GRAPH doc:a {{ x:s x:p {'(' * 400} {')' * 400} }} }}",
    ],
)
def test_what_reaches_out_or_nests_too_deep_is_refused(store: Store, text: str) -> None:
    with nothing_changes(store), pytest.raises(QueryRefusedError):
        update(store, HEAD + text)


def test_data_may_be_long(store: Store) -> None:
    numbers = " ; ".join(f'x:p -{number} , "{number}"^^x:type' for number in range(3000))
    assert update(store, f"{HEAD} INSERT DATA {{ GRAPH doc:d {{ x:s {numbers} }} }}") == {D: "new"}
    assert store.view().size(D) == 6000


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT DATA { GRAPH doc:a { x:s x:p } }", 1, 66),
        ("CREATE GRAPH doc:d ;\n  INSERT DATA { GRAPH doc:a { x:s x:p } }", 2, 39),
        ("CREATE GRAPH doc:d ;\nPREFIX y: <y:>  INSERT DATA { GRAPH doc:a { y:s x:p } }", 2, 54),
        ("SELECT * { ?s ?p ?o }", 1, 36),
        ("INSERT DATA { GRAPH doc:a { no:s x:p 1 } }", 1, 66),
    ],
)
def test_a_syntax_error_tells_its_place(store: Store, text: str, line: int, column: int) -> None:
    with nothing_changes(store), pytest.raises(QuerySyntaxError) as raised:
        update(store, HEAD + text)
    assert raised.value.line == line
    assert abs((raised.value.column or 0) - column) <= 8


def test_declarations_may_stand_before_each_operation(store: Store) -> None:
    text = """BASE <http://example.org/> INSERT DATA { GRAPH doc:d { <s> <p> 1 } } ;
        PREFIX e: <http://example.org/e#> BASE <http://example.org/deep/>
        INSERT DATA { GRAPH doc:d { e:s <p> 2 } } ; PREFIX e: <http://example.org/f#> CREATE GRAPH e:g"""
    assert update(store, text) == {D: "new", URIRef("http://example.org/f#g"): "new"}
    assert set(store.view().ntriples(D).decode().splitlines()) == {
        '<http://example.org/s> <http://example.org/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<http://example.org/e#s> <http://example.org/deep/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    }


def test_what_does_not_fit_the_shapes_changes_nothing(store: Store) -> None:
    with nothing_changes(store), pytest.raises(ValidationError, match="dg:post"):
        update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } GRAPH doc:d { [] a dg:Tenure ; dg:person <x:a> } }")
    with nothing_changes(store), pytest.raises(ValidationError):
        update(
            store,
            "DELETE WHERE { GRAPH doc:c { ?fact dg:post ?post } } ; INSERT DATA { GRAPH doc:d { <x:s> <x:p> 1 } }",
        )


def test_a_later_operation_reads_what_follows_from_those_before(store: Store) -> None:
    text = """DROP GRAPH doc:c ;
        INSERT { GRAPH doc:d { ?who <x:gone> true } } WHERE { ?who dg:holdsPost ?post } ;
        INSERT DATA { GRAPH doc:d { <x:s> <x:p> 1 } } ;
        INSERT { GRAPH doc:d { ?s <x:seen> true } } WHERE { ?s <x:p> ?o }"""
    assert update(store, text) == {C: "removed", D: "new"}
    assert b"gone" not in store.view().ntriples(D)
    assert b"seen" in store.view().ntriples(D)
    assert store.view().query(HOLDS, PREFIXES) is False


def test_facts_written_as_blank_nodes_get_their_identifiers(store: Store) -> None:
    fact = "[] a dg:Tenure ; dg:person <http://example.org/ann> ; dg:post <http://example.org/post> ."
    text = f"""INSERT DATA {{ GRAPH doc:d {{ {fact} <http://example.org/ann> a dg:Person ; skos:prefLabel "Ann"@en .
        <http://example.org/post> a dg:Post ; skos:prefLabel "Envoy"@en }} }} ; DROP GRAPH doc:c"""
    before = {line for line in store.view().ntriples(C).splitlines() if b"Tenure" in line}
    assert update(store, text) == {C: "removed", D: "new"}
    assert {line for line in store.view().ntriples(D).splitlines() if b"Tenure" in line} == before
    assert store.view().query(HOLDS, PREFIXES) is True


def test_a_document_keeps_its_record_and_says_what_changed_it_last(store: Store) -> None:
    update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
    [record] = [each for each in documents(store.view()) if each.iri == A]
    assert (record.loaded_from, record.statements) == ("an update", 2)
    assert record.taken_in
    with pytest.raises(InputError, match="an update"):
        load(store, [Source(A, b"", "a.nt")])
    update(store, "CLEAR GRAPH doc:a ; INSERT { GRAPH doc:a { ?s <x:p> 2 } } WHERE { ?s <http://example.org/q> ?o }")
    [again] = [each for each in documents(store.view()) if each.iri == A]
    assert again.taken_in == record.taken_in


def test_nodes_that_documents_would_share_are_refused(store: Store) -> None:
    with nothing_changes(store), pytest.raises(InputError, match="share a blank node"):
        update(store, "INSERT DATA { GRAPH doc:a { _:n <x:p> 1 } GRAPH doc:d { _:n <x:p> 2 } }")


def test_an_update_without_an_effect_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with loaded(OxigraphStore(tmp_path), nothing_blank) as store:
        kept = sorted(path.name for path in tmp_path.iterdir())
        for text in (
            "",
            "DELETE DATA { GRAPH doc:a { <x:none> <x:p> 1 } }",
            "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        ):
            assert update(store, text) == {}
        assert sorted(path.name for path in tmp_path.iterdir()) == kept


class TestQuotations:
    """The quotations of an attached text follow from what is cited."""

    @pytest.fixture
    def quoted(self, store: Store) -> Store:
        digest = hashlib.sha256(b"Hello").hexdigest()
        cites = (
            f"<{A}#char=0,5> <http://www.w3.org/ns/oa#hasSource> <{A}> .\n"
            f'<{A}#char=0,5> <http://www.w3.org/ns/oa#start> "0"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
            f'<{A}#char=0,5> <http://www.w3.org/ns/oa#end> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
            f'<{A}#char=0,5> <{DG}sha256> "{digest}" .\n'
        ).encode()
        load(store, [Source(A, cites, f"{A}.nt")], replace=True)
        attach(store, "Hello, world", A)
        assert quotations_graph(A) in store.view().graphs()
        return store

    def test_they_are_not_changed_themselves(self, quoted: Store) -> None:
        graph = quotations_graph(A).n3()
        for text in (
            f"INSERT DATA {{ GRAPH {graph} {{ <x:s> <x:p> 1 }} }}",
            f"DROP GRAPH {graph}",
            "INSERT { GRAPH ?g { ?s ?p 'Bye' } } WHERE { GRAPH ?g { ?s ?p 'Hello' } }",
        ):
            with nothing_changes(quoted), pytest.raises(QueryRefusedError, match="is no document"):
                update(quoted, text)

    def test_they_go_and_come_with_the_document(self, quoted: Store) -> None:
        update(quoted, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
        assert b"Hello" in quoted.view().ntriples(quotations_graph(A))
        effects = update(quoted, "CLEAR ALL ; INSERT DATA { GRAPH doc:d { <x:s> <x:p> 1 } }")
        assert effects == {A: "removed", B: "removed", C: "removed", D: "new"}
        assert set(quoted.view().graphs()) == {D, LOADS}
        assert quoted.view().size() == 1


class TestUsing:
    """A request can choose the dataset of all patterns, as the protocol has it."""

    @pytest.fixture
    def asked(self, store: Store) -> Callable[..., dict[URIRef, str]]:
        def asked(text: str, *default: URIRef, named: tuple[URIRef, ...] = ()) -> dict[URIRef, str]:
            with store.writing() as writer:
                return updated(writer, planned(HEAD + text, using=Using(default, named)))

        return asked

    def test_the_default_graph(self, store: Store, asked: Callable[..., dict[URIRef, str]]) -> None:
        asked("INSERT { GRAPH doc:d { ?s ?p ?o } } WHERE { ?s ?p ?o }", B)
        assert set(store.view().ntriples(D).splitlines()) == set(nothing_blank[B].splitlines())
        asked("DROP GRAPH doc:d ; INSERT { GRAPH doc:d { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", B)
        assert D not in store.view().graphs(), "of no named graph, where only the default one is chosen"

    def test_the_named_graphs(self, store: Store, asked: Callable[..., dict[URIRef, str]]) -> None:
        asked("INSERT { GRAPH doc:d { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", named=(A,))
        assert set(store.view().ntriples(D).splitlines()) == set(nothing_blank[A].splitlines())
        assert asked("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", named=(D,)) == {D: "removed"}

    def test_it_is_not_chosen_twice(self, store: Store, asked: Callable[..., dict[URIRef, str]]) -> None:
        for text in ("USING doc:b WHERE { ?s ?p ?o }", "USING NAMED doc:b WHERE { ?s ?p ?o }"):
            with pytest.raises(QueryError, match="in one place"):
                asked(f"INSERT {{ GRAPH doc:d {{ ?s ?p ?o }} }} {text}", A)
        with pytest.raises(QueryError, match="in one place"):
            asked("WITH doc:d INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", A)


def test_a_store_over_a_graph_of_ones_own_takes_none() -> None:
    with pytest.raises(StoreError, match="no SPARQL Update"):
        update(MemoryStore(), "CREATE GRAPH doc:d")


def test_an_endpoint_is_changed_as_a_store_here(oxigraph_url: str, servers: object) -> None:
    store = loaded(servers.emptied(oxigraph_url), nothing_blank)  # type: ignore[attr-defined]
    check_against_the_engine(store, ["MOVE doc:a TO doc:d", "DELETE WHERE { GRAPH doc:b { ?s x:q ?o } }"])


def test_title_and_label_follow() -> None:
    with loaded(OxigraphStore(), nothing_blank) as store:
        update(store, f'INSERT DATA {{ GRAPH doc:a {{ doc:a {DCTERMS.title.n3()} "A" }} }}')
        [record] = [each for each in documents(store.view()) if each.iri == A]
        assert record.title == "A"
        update(store, 'WITH doc:c DELETE { ?s skos:prefLabel "Ann"@en } INSERT { ?s skos:prefLabel "Bea"@en } '
                      'WHERE { ?s skos:prefLabel "Ann"@en }')  # fmt: skip
        labels = store.view().select(
            "SELECT ?l { <http://example.org/ann> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
        )
        assert labels == [{"l": Literal("Bea", lang="en")}]
