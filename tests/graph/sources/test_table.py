"""A table of one's own: a row becomes facts by its mapping or is listed; a wrong mapping says what would be right."""

from __future__ import annotations

import gzip
from pathlib import Path
from textwrap import dedent

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD

import diplograph
from diplograph.errors import InputError
from diplograph.graph.importing import import_records
from diplograph.graph.loading import packaged_sources
from diplograph.graph.opening import open_store
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources import table
from diplograph.graph.sources.intake import Intake
from diplograph.graph.sources.table_terms import table_classes
from diplograph.ontology.namespaces import IDENTIFIERS, PREFIXES
from diplograph.ontology.terms import DG
from diplograph.ontology.validation import findings

DOCUMENT = "document: {name: mine, title: My table}\n"
TENURE = DOCUMENT + dedent("""\
    facts:
      - class: Tenure
        person: {column: Name, kind: Person}
        post: {column: Post, kind: Post}
        from: {column: Start, kind: date}
        until: {column: End, kind: date}
    """)
HEADER = "Name,Post,Start,End\n"


def example(name: str) -> str:
    """The worked example of the module's docstring: what is indented after the line that names the file."""
    _, _, rest = (table.__doc__ or "").partition(name)
    lines = rest.split("\n\n", 2)[1].splitlines()
    return "".join(f"{line.removeprefix('    ')}\n" for line in lines)


def drafted(
    tmp_path: Path, content: str | bytes, mapping: str = TENURE, name: str = "mine.csv"
) -> tuple[Graph, Intake]:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "mine.yaml").write_text(mapping, encoding="utf-8")
    intake = Intake(tmp_path)
    table.read([tmp_path / name], intake, tmp_path / "mine.yaml")
    return rdflib_graph(intake.finished[0].draft.path.read_bytes()), intake


def violations(graph: Graph) -> list[str]:
    whole = graph + rdflib_graph(packaged_sources("states")[0].ntriples)
    return [str(finding) for finding in findings(whole) if finding.severity == "violation"]


def listed(intake: Intake) -> list[str]:
    return [str(problem) for problem in intake.problems]


def iri(name: str) -> URIRef:
    return URIRef(IDENTIFIERS + name)


def values(graph: Graph, prop: URIRef) -> set[str]:
    return {str(value).removeprefix(IDENTIFIERS) for value in graph.objects(None, prop)}


def code(name: str) -> URIRef:
    scheme, _, local = name.partition(":")
    return URIRef(PREFIXES[scheme] + local)


def refused(tmp_path: Path, mapping: str, header: str = HEADER) -> str:
    with pytest.raises(InputError) as caught:
        drafted(tmp_path, header, mapping)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_worked_example_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "envoys.csv").write_text(example("envoys.csv"), encoding="utf-8")
    (tmp_path / "envoys.yaml").write_text(example("envoys.yaml"), encoding="utf-8")
    store = open_store(":memory:")
    report = import_records(store, "table", [tmp_path / "envoys.csv"], mapping=tmp_path / "envoys.yaml")
    assert report.documents[0].counts == {"Person": 2, "Post": 1, "Tenure": 2}
    assert not report.problems
    answer = diplograph.ask(store, "who-held-post", post="Ambassador of France to Azerbaijan", on="2003-01-01")
    assert [(row["person"], row["answer"], row["sources"][0]["record"]) for row in answer] == [
        ("Ada Example", "yes", "line 2")
    ]
    late = diplograph.ask(store, "who-held-post", post="Ambassador of France to Azerbaijan", on="2021-01-01")
    assert [(row["person"], row["answer"]) for row in late] == [("Ben Sample", "uncertain")]


def test_evidence_is_file_and_line(tmp_path: Path) -> None:
    graph, _ = drafted(tmp_path, HEADER + "A,P,2001,\n\nB,P,2002,\n")
    assert values(graph, DG.record) == {"line 2", "line 4"}
    assert values(graph, DG.file) == {"mine.csv"}


def test_row_of_several_lines_has_the_line_it_begins_at(tmp_path: Path) -> None:
    graph, _ = drafted(tmp_path, HEADER + '"A\nB",P,2001,\nC,P,,\n')
    assert values(graph, DG.record) == {"line 2", "line 4"}
    assert "A B" in values(graph, SKOS.prefLabel)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_told_by_the_header(tmp_path: Path, separator: str) -> None:
    graph, _ = drafted(tmp_path, (HEADER + "A,P,2001,2002\n").replace(",", separator))
    assert values(graph, DG.until) == {"2002"}


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + "Ş,P,2001,\n").encode("utf-8-sig"),
        (HEADER + "Ş,P,2001,\r\n").encode("utf-16"),
        gzip.compress((HEADER + "Ş,P,2001,\n").encode()),
        (HEADER.strip() + ",,\nŞ,P,2001,,,\n").encode(),
    ],
    ids=["byte order mark", "UTF-16", "gzip", "empty columns behind"],
)
def test_forms_of_files(tmp_path: Path, content: bytes) -> None:
    graph, intake = drafted(tmp_path, content)
    assert "Ş" in values(graph, SKOS.prefLabel)
    assert not intake.problems


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Naïve\n".encode("latin-1"), r"line 1: it is no text in UTF-8\. Save it again as CSV UTF-8\."),
        (b"", "its first line names no columns"),
        (b"A,B,A\n", "names the column 'A' more than once"),
        (HEADER.encode() + b'A,P,,\n"B,P,,\nC,P,,\n', r"line 3: the row that begins here .* quotation mark left open"),
        (gzip.compress(b"A" * 99)[:-9], "it cannot be read"),
    ],
    ids=["Latin-1", "empty", "column twice", "open quotation mark", "cut short"],
)
def test_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        drafted(tmp_path, content)


def test_missing_files_and_two_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: it cannot be read: .*No such file"):
        table.read([tmp_path / "nowhere.csv"], Intake(tmp_path), tmp_path / "mine.yaml")
    (tmp_path / "mine.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(InputError, match=r"nowhere\.yaml: it cannot be read as YAML"):
        table.read([tmp_path / "mine.csv"], Intake(tmp_path), tmp_path / "nowhere.yaml")
    with pytest.raises(InputError, match="2 were given"):
        table.read([tmp_path, tmp_path], Intake(tmp_path), tmp_path / "mine.yaml")


def test_row_that_lacks_an_end_is_listed(tmp_path: Path) -> None:
    graph, intake = drafted(tmp_path, HEADER + "A,,2001,\n ,P,2001,\nB,P,2001,\n")
    assert listed(intake) == [
        "mine.csv, line 2: The Tenure was left out: post (column 'Post') is blank.",
        "mine.csv, line 3: The Tenure was left out: person (column 'Name') is blank.",
    ]
    assert values(graph, DG.record) == {"line 4"}


def test_fact_left_out_leaves_no_entities_behind(tmp_path: Path) -> None:
    graph, intake = drafted(tmp_path, HEADER + "A,,2001,\n?,P,2002,\n")
    assert not intake.finished[0].draft.counts
    assert not values(graph, SKOS.prefLabel)


def test_row_of_another_width_is_listed(tmp_path: Path) -> None:
    _, intake = drafted(tmp_path, HEADER + "A,P\nB,P,2001,,x\nC,P,,\n")
    assert listed(intake) == [
        "mine.csv, line 2: The row has 2 cells, and the header 4: the row was left out.",
        "mine.csv, line 3: The row has 5 cells, and the header 4: the row was left out.",
    ]


def test_dates_are_as_exact_as_written(tmp_path: Path) -> None:
    graph, intake = drafted(tmp_path, HEADER + "A,P,2001,2002-03\nB,P,2004-05-06,9999-12-31\n")
    assert set(graph.objects(None, DG["from"])) == {
        Literal("2001", datatype=XSD.gYear),
        Literal("2004-05-06", datatype=XSD.date),
    }
    assert values(graph, DG.until) == {"2002-03"}
    assert not intake.problems
    assert not violations(graph)


def test_bad_date_is_listed_and_the_rest_kept(tmp_path: Path) -> None:
    graph, intake = drafted(tmp_path, HEADER + "A,P,2001-02-30,soon\nB,P,2005,2004-12\n")
    first, second, third = listed(intake)
    assert first.startswith("mine.csv, line 2: from (column 'Start'): '2001-02-30' is not a date that exists")
    assert second.startswith("mine.csv, line 2: until (column 'End'): 'soon' is not a date. Write YYYY, ")
    assert third == "mine.csv, line 3: until: the end, 2004-12, is before the start, 2005."
    assert values(graph, DG["from"]) == {"2005"}
    assert not values(graph, DG.until)
    assert len(set(graph.subjects(RDF.type, DG.Tenure))) == 2


def test_dates_of_the_tables_own_form(tmp_path: Path) -> None:
    graph, intake = drafted(
        tmp_path, HEADER + "A,P,1.5.2001,13.05.2002\nB,P,2003,05.13.2004\n", "dates: DD.MM.YYYY\n" + TENURE
    )
    assert values(graph, DG["from"]) == {"2001-05-01", "2003"}
    assert values(graph, DG.until) == {"2002-05-13"}
    assert "'2004-13-05' is not a date that exists" in listed(intake)[0]


RELATIONS = DOCUMENT + dedent("""\
    facts:
      - class: Relations
        oneSide: {column: One, kind: State, on: Since}
        otherSide: {column: Other, kind: State, on: Since}
        relationKind: {value: "relation:diplomatic-relations", kind: code}
        from: {column: Since, kind: date}
    """)


def test_states_are_resolved_at_the_date(tmp_path: Path) -> None:
    content = "One,Other,Since\nFrance,Yugoslavia,1925\nFrance,Yugoslavia,1950\nNA,Norway,1990\n"
    graph, intake = drafted(tmp_path, content, RELATIONS)
    assert values(graph, DG.otherSide) | values(graph, DG.oneSide) == {
        *("state/FRA", "state/yugoslavia-kingdom", "state/YUG", "state/NAM", "state/NOR"),
    }
    assert not intake.problems
    assert not violations(graph)


def test_state_of_two_names_without_a_date_is_listed(tmp_path: Path) -> None:
    _, intake = drafted(tmp_path, "One,Other,Since\nFrance,Yugoslavia,\n", RELATIONS)
    assert "'Yugoslavia' does not name one known state or territory." in listed(intake)[0]


def test_unknown_state_is_listed(tmp_path: Path) -> None:
    _, intake = drafted(tmp_path, "One,Other,Since\nFrance,Ruritania,1925\nFrance,FRA,1950\n", RELATIONS)
    assert listed(intake) == [
        "mine.csv, line 2: The Relations was left out: otherSide (column 'Other'): 'Ruritania' does not name "
        "one known state or territory at 1925.",
        "mine.csv, line 3: The Relations was left out: its two ends are the same.",
    ]


EVENTS = DOCUMENT + dedent("""\
    facts:
      - class: Participation
        where: {Kind: [took part, spoke]}
        agent: {column: Who, kind: Person, split: ";", identity: name}
        event:
          column: Event
          kind: Conference
          id: No
          also:
            date: {column: Date, kind: date}
            heldIn: {column: City, kind: City}
        role: {text: "role:{Role}", kind: code}
        asWritten: {column: Who, kind: text}
      - class: Representation
        agent: {column: Who, kind: Person, split: ";", identity: name}
        principal: {column: For, kind: State}
        event: {column: Event, kind: Conference, id: No}
    """)
EVENT_HEADER = "Kind,Who,Event,No,Date,City,Role,For\n"


def test_several_facts_from_one_row(tmp_path: Path) -> None:
    content = EVENT_HEADER + "took part,Ann A; Bob B,Talks,7,2001-02,Baku,Speaker,Georgia\n"
    graph, intake = drafted(tmp_path, content, EVENTS)
    assert intake.finished[0].draft.counts == {"Participation": 2, "Representation": 2, "Person": 2, "Conference": 1}
    assert values(graph, DG.agent) == {"person/ann-a", "person/bob-b"}
    assert values(graph, DG.event) == {"event/7-mine"}
    assert (iri("event/7-mine"), DG.heldIn, iri("place/baku")) in graph
    assert set(graph.objects(None, DG.role)) == {code("role:speaker")}
    assert values(graph, DG.asWritten) == {"Ann A; Bob B"}
    assert not violations(graph)


def test_rows_that_where_does_not_name_are_passed_over(tmp_path: Path) -> None:
    content = EVENT_HEADER + "stayed away,Ann A,Talks,7,2001,,Speaker,\n"
    _, intake = drafted(tmp_path, content, EVENTS)
    assert not intake.finished[0].draft.counts["Participation"]
    assert listed(intake) == ["mine.csv, line 2: The Representation was left out: principal (column 'For') is blank."]


def test_code_of_no_list_is_listed_with_those_that_are(tmp_path: Path) -> None:
    _, intake = drafted(tmp_path, EVENT_HEADER + "spoke,Ann A,Talks,7,2001,,Crier,Georgia\n", EVENTS)
    assert "'role:Crier' is no code of the list. Use one of role:chair, role:host, " in listed(intake)[0]


@pytest.mark.parametrize(
    ("more", "cells", "person"),
    [
        ("", "Ada Example,x", "person/ada-example-mine"),
        (", identity: name", "Ada Example,x", "person/ada-example"),
        (", id: Post", "Ada Example,17", "person/17-mine"),
        (", id: Post, identity: name", "Ada Example,ada-e", "person/ada-e"),
        (", id: Post", "Ada Example,person/ada-example", "person/ada-example"),
        (", id: Post", "Ada Example,person:ada-example", "person/ada-example"),
    ],
)
def test_a_person_is_nobody_elses_unless_it_is_said(tmp_path: Path, more: str, cells: str, person: str) -> None:
    mapping = TENURE.replace("Name, kind: Person", f"Name, kind: Person{more}").replace("column: Post,", "value: P,")
    graph, _ = drafted(tmp_path, HEADER + f"{cells},2001,\n", mapping)
    assert values(graph, DG.person) == {person}


def test_identifier_of_something_else_is_listed(tmp_path: Path) -> None:
    mapping = TENURE.replace("Name, kind: Person", "Name, kind: Person, id: End").replace(
        "End, kind: date", "Start, kind: date"
    )
    _, intake = drafted(tmp_path, HEADER + "A,P,2001,post/x\n", mapping)
    assert "'post/x' in column 'End' is no identifier of a Person." in listed(intake)[0]


def test_same_identifier_with_another_spelling_has_one_label(tmp_path: Path) -> None:
    graph, _ = drafted(tmp_path, HEADER + "Zoë Muller,P,2001,\nZoe Müller,P,2003,\n")
    assert set(graph.objects(iri("person/zoe-muller-mine"), SKOS.prefLabel)) == {Literal("Zoë Muller", "en")}
    assert set(graph.objects(iri("person/zoe-muller-mine"), SKOS.altLabel)) == {Literal("Zoe Müller", "en")}
    assert not violations(graph)


def test_name_without_a_letter_is_listed(tmp_path: Path) -> None:
    _, intake = drafted(tmp_path, HEADER + "?,P,2001,\n")
    assert "'?' has no letter or digit" in listed(intake)[0]


def test_text_has_its_language(tmp_path: Path) -> None:
    mapping = TENURE + "    roleTitle: {column: Post, kind: text, language: fr}\n"
    graph, _ = drafted(tmp_path, HEADER + "A,Ambassadeur,2001,\n", mapping)
    assert set(graph.objects(None, DG.roleTitle)) == {Literal("Ambassadeur", "fr")}
    assert not violations(graph)


def test_document_says_what_it_is(tmp_path: Path) -> None:
    head = (
        "document: {name: Mine, title: T, lastUpdated: 2020-05, publisher: A House, source: 'https://example.org/t'}\n"
    )
    graph, _ = drafted(tmp_path, HEADER + "A,P,2001,\n", TENURE.replace(DOCUMENT, head))
    assert (URIRef(PREFIXES["doc"] + "mine"), DG.lastUpdated, Literal("2020-05", datatype=XSD.gYearMonth)) in graph
    assert (iri("organization/a-house"), RDF.type, DG.Organization) in graph
    assert not violations(graph)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("class: Tenure", "class: Tenur", "facts[1].class: 'Tenur' is no class of facts. Did you mean 'Tenure'?"),
        (
            "column: Post,",
            "column: Pots,",
            "facts[1].post.column: 'Pots' is no column of the table. Did you mean 'Post'?",
        ),
        (
            "column: Post,",
            "text: 'X {Pots}',",
            "facts[1].post.text: 'Pots' is no column of the table. Did you mean 'Post'?",
        ),
        ("kind: Person", "kind: Persn", "facts[1].person.kind: 'Persn' is no kind of value. Did you mean 'Person'"),
        ("kind: Person", "kind: Post", "facts[1].person.kind: person is no Post: it is one of Person."),
        ("Start, kind: date", "Start, kind: text", "facts[1].from.kind: from is no text: it is one of date."),
        (", kind: Person", "", "facts[1].person: The key 'kind' is missing. It is one of Person."),
        ("column: Name, kind", "kind", "facts[1].person: One of column, value or text says what the value is made of"),
        ("column: Name,", "column: Name, value: x,", "here it is column and value."),
        ("from:", "form:", "facts[1]: 'form' is no key. Did you mean 'from'?"),
        ("post: {column: Post, kind: Post}", "", "facts[1]: The key 'post' is missing: every Tenure has one."),
        ("kind: Person", "kind: Person, language: en", "facts[1].person: 'language' is no key."),
        ("kind: Person", "kind: Person, identity: nane", "identity: 'nane' is no identity. Did you mean 'name'?"),
        ("kind: Person", "kind: Person, also: {brn: {}}", "facts[1].person.also: 'brn' is no key. Did you mean 'born'"),
        ("kind: Person", "kind: [Person]", "facts[1].person.kind: A text belongs here, not a list."),
        ("class: Tenure", "class: Tenure\n    where: {Name: {a: b}}", "where.Name: What stands in a cell belongs here"),
        ("name: mine, ", "", "document: The key 'name' is missing."),
        ("name: mine, ", "name: '?', ", "document.name: '?' has no letter or digit"),
        ("title: My table", "title: T, lastUpdated: May", "document.lastUpdated: 'May' is not a date."),
        ("title: My table", "title: T, license: PDDL", "document.license: 'PDDL' is not an absolute IRI."),
        ("facts:", "dates: d.m.y\nfacts:", "dates: 'd.m.y' is no form of dates. Write one such as DD.MM.YYYY"),
        ("facts:", "fcts:", "mine.yaml: 'fcts' is no key. Did you mean 'facts'?"),
        ("facts:\n  - class", "facts:\n    class", "facts: A list belongs here"),
        ("facts:", "facts: []\nfact:", "'fact' is no key. Did you mean 'facts'?"),
        (
            "class: Tenure",
            "class: Tenure\n    class: X",
            "line 4: it is no mapping in YAML: the key 'class' is there twice.",
        ),
        ("facts:", "facts: [", "it is no mapping in YAML"),
    ],
)
def test_wrong_mapping_says_where_and_what_would_be_right(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TENURE
    said = refused(tmp_path, TENURE.replace(old, new, 1))
    assert said.startswith("mine.yaml")
    assert message in said


@pytest.mark.parametrize("mapping", ["", "- a\n", "just text\n", "? [a]\n: b\n"])
def test_mapping_of_another_shape_is_refused(tmp_path: Path, mapping: str) -> None:
    assert refused(tmp_path, mapping).startswith("mine.yaml")


def test_language_tag_that_is_none_is_refused(tmp_path: Path) -> None:
    mapping = TENURE + "    roleTitle: {column: Post, kind: text, language: French}\n"
    assert "roleTitle.language: 'French' is no language tag such as en or fr." in refused(tmp_path, mapping)


def test_words_of_yaml_are_plain_text(tmp_path: Path) -> None:
    mapping = TENURE.replace("class: Tenure", "class: Tenure\n    where: {End: [NO, 1, '']}")
    graph, _ = drafted(tmp_path, HEADER + "A,P,2001,\nB,P,2001,2002\n", mapping)
    assert values(graph, DG.record) == {"line 2"}


def test_classes_are_those_with_ends_that_a_table_can_give() -> None:
    assert {"Tenure", "Participation", "Relations", "Signature", "TreatyAction", "Partyship"} <= set(table_classes())
    assert "Assertion" not in table_classes()
