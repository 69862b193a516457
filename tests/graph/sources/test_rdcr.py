"""Recognition and relations: what the heads of dated passages say, of whom, and from when to when."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diplograph.graph.loading import packaged_sources
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.heads import Kind, When, clauses, dates, kinds
from diplograph.graph.sources.passages import day_in
from diplograph.graph.sources.rdcr import read
from diplograph.graph.sources.sides import of_its_time, other_side
from diplograph.graph.sources.spans import Turn, spans
from diplograph.graph.sources.states import StateNames
from diplograph.ontology.identifiers import entity_iri
from diplograph.ontology.validation import findings

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"

ARTICLE = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title type="complete">A guide: {title}</title><title type="short">{title}</title></titleStmt>
<publicationStmt><p>Department of State, 2008</p></publicationStmt></fileDesc></teiHeader><text><body>
<div type="section" xml:id="summary"><head>Summary</head><p>Once, in 1801.</p></div>
<div type="section" xml:id="relations"><head>Relations</head>{passages}</div></body></text></TEI>"""


def passage(head: str, text: str = "") -> str:
    return f'<div type="timeline"><head>{head}</head><p>{text}</p></div>'


def year(number: int | str) -> str:
    return f'<date when="{number}">{number}</date>'


@pytest.fixture
def read_articles(tmp_path: Path, read_records: Callable) -> Callable:
    def read_(**articles: str) -> object:
        (tmp_path / "articles").mkdir()
        for name, text in articles.items():
            (tmp_path / "articles" / f"{name.replace('_', '-')}.xml").write_text(text, encoding="utf-8")
        return read_records(read, tmp_path)

    return read_


def georgia(*passages: str) -> str:
    return ARTICLE.format(title="Georgia", passages="".join(passages))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("U.S. Recognition of Azerbaijan, 1991.", (Kind.RECOGNITION,)),
        ("U.S. Recogntion of Tuvalu, 1978.", (Kind.RECOGNITION,)),
        ("Mutual Recognition, 1832.", (Kind.RECOGNITION,)),
        ("Recognition, 2011.", (Kind.RECOGNITION,)),
        ("Establishment of Diplomatic Relations, 1992.", (Kind.ESTABLISHMENT,)),
        ("Recognition and Establishment of Diplomatic Relations, 2008.", (Kind.RECOGNITION, Kind.ESTABLISHMENT)),
        ("Re-establishment of Diplomatic Relations, 2006.", (Kind.RESUMPTION,)),
        ("Diplomatic Relations Resumed and American Legation Reopened, 1947.", (Kind.RESUMPTION,)),
        ("Diplomatic Relations Severed by Iraq, 1967.", (Kind.END,)),
        ("Closing of the U.S. Embassy in Baghdad and the Severing of Diplomatic Relations, 1991.", (Kind.END,)),
        ("Establishment of the American Embassy in Baku, 1992.", ()),
        ("Establishment of Consular Relations, 1792.", ()),
        ("No diplomatic relations established.", ()),
        ("Division of Germany and U.S. Non-Recognition of GDR, 1949.", ()),
        ("Normal Relations Interrupted, 1926.", ()),
        ("70th Anniversary of Establishment of Diplomatic Relations.", ()),
        ("U.S. Recognition of the Provisional Government of the French Republic, 1944.", ()),
        ("Recognition of Independent Montenegro Withdrawn by the United States, 1920-21.", ()),
    ],
)
def test_what_a_head_says(head: str, said: tuple[Kind, ...]) -> None:
    assert kinds(head) == said


def test_a_head_of_two_parts() -> None:
    head = (
        "Establishment of Diplomatic Relations with PRC/Termination of Diplomatic Relations with the Republic of China"
    )
    assert [kinds(part) for part in clauses(head)] == [(Kind.ESTABLISHMENT,), (Kind.END,)]
    assert kinds(head) == ()
    assert clauses("Commercial and/or Consular Treaty, 1816.") == ["Commercial and/or Consular Treaty, 1816."]


@pytest.mark.parametrize(
    ("head", "marked", "wanted"),
    [
        ("Relations, 1991.", [{"when": "1991-12-25"}], [When("1991-12-25")]),
        ("Relations, 1917-1922.", [{"from": "1917", "to": "1922"}], [When("1917", "1922")]),
        ("Relations, 1824 &amp; 1853.", [{"when": "1824"}, {"when": "1853"}], [When("1824"), When("1853")]),
        ("Consulate, 1880 until 1915.", [{"when": "1880"}, {"when": "1915"}], [When("1880", "1915")]),
        ("In Oslo (Oslo since 1925) in 1809.", [{"when": "1925"}, {"when": "1809"}], [When("1809")]),
        ("Recognition, 2023.", [], [When("2023")]),
        ("Cessation of Relations, 1838-40.", [{}], [When("1838", "1840")]),
        ("Treaty of June 16, 1852, renewed, October 3, 1853.", [], [When("1853-10-03")]),
        ("Consulates in Wales.", [], [When()]),
    ],
)
def test_the_dates_of_a_head(head: str, marked: list[dict[str, str]], wanted: list[When]) -> None:
    assert dates(head, marked) == wanted


def test_words_are_followed_where_the_mark_up_has_another_year() -> None:
    (when,) = dates("Recognition, 2011.", [{"when": "1882"}])
    assert when.date == "2011"
    assert "1882" in when.note


@pytest.mark.parametrize(
    ("head", "article", "on", "side"),
    [
        ("U.S. Recognition of Georgia, 1991.", "GEO", "1991", "GEO"),
        ("U.S. Recognition of Azerbaijani Independence, 1991.", "AZE", "1991", "AZE"),
        ("U.S. Recognition of Italian Independence, 1861.", "parma", "1861", "ITA"),
        ("Prussian Recognition of the Independence of the United States, 1785.", "DEU", "1785", "prussia"),
        ("Dutch Recognition of U.S. Independence, 1782.", "NLD", "1782", "NLD"),
        ("Establishment of Diplomatic Relations and the U.S. Embassy in Nassau, 1973.", "BHS", "1973", "BHS"),
        (
            "United States Recognition of the Federation of Central American States",
            "GTM",
            "",
            "central-american-federation",
        ),
        ("Establishment of Diplomatic Relations and the American Embassy in Tanganyika", "TZA", "1961", "tanganyika"),
        ("Cessation of Relations with Imperial Germany, 1917.", "hesse", "1917", "DEU"),
        ("Establishment of Diplomatic Relations, 1992.", "AZE", "1992", "AZE"),
    ],
)
def test_of_whom_a_head_speaks(head: str, article: str, on: str, side: str, states: StateNames) -> None:
    found = other_side(head, entity_iri("state", article), on, states)
    assert found.entity == entity_iri("state", side)
    assert bool(found.note) == (article != side)


def test_a_name_that_is_unknown_is_the_articles_own_and_says_so(states: StateNames) -> None:
    found = other_side("United States Recognition of Buenos Ayres, 1823.", entity_iri("state", "ARG"), "1823", states)
    assert found.entity == entity_iri("state", "ARG")
    assert "Buenos Ayres" in found.note


@pytest.mark.parametrize(("state", "on", "then"), [("TUR", "1830", "ottoman-empire"), ("hesse", "1867", "hesse")])
def test_the_state_that_had_relations_then(state: str, on: str, then: str, states: StateNames) -> None:
    plain = other_side("Mutual Recognition.", entity_iri("state", state), on, states)
    assert of_its_time(plain, on, states).entity == entity_iri("state", then)


DAYS = [
    ("The U.S. recognized Georgia on December 25, 1991, when Mr. Bush said so. It had left.", Kind.RECOGNITION, True),
    ("Diplomatic relations were established on December 25, 1991.", Kind.ESTABLISHMENT, True),
    ("The U.S. recognized Georgia soon after it was free on December 25, 1991.", Kind.RECOGNITION, False),
    ("Georgia became free on December 25, 1991.", Kind.RECOGNITION, False),
    ("The U.S. recognized Georgia on December 25, 1991. Bush spoke on December 24, 1991.", Kind.RECOGNITION, None),
    ("The U.S. recognized Georgia on December 25, 1992.", Kind.RECOGNITION, None),
]


@pytest.mark.parametrize(("text", "kind", "certain"), DAYS)
def test_the_day_that_the_text_names(text: str, kind: Kind, certain: bool | None) -> None:
    day = day_in(text, (kind,), "1991")
    assert (day and day.certain) == certain
    assert day is None or day.date == "1991-12-25"


def test_an_end_belongs_to_the_last_beginning() -> None:
    side = entity_iri("state", "CUB")

    def turn(kind: Kind, on: str) -> Turn:
        return Turn(kind, side, on, "articles/cuba.xml", on)

    told = [
        *(turn(Kind.END, "1961-01-03"), turn(Kind.ESTABLISHMENT, "1902"), turn(Kind.RESUMPTION, "2015")),
        *(turn(Kind.END, "1898"), turn(Kind.ESTABLISHMENT, ""), turn(Kind.END, "")),
    ]
    found = sorted((span.start, span.end) for span in spans(told))
    assert found == [("", ""), ("", "1898"), ("1902", "1961-01-03"), ("2015", "")]


def test_recognition_and_establishment_are_relations_and_events(read_articles: Callable) -> None:
    found = read_articles(
        georgia=georgia(
            passage(f"U.S. Recognition of Georgia, {year(1991)}.", "The U.S. recognized Georgia on December 25, 1991."),
            passage(f"Establishment of Diplomatic Relations, {year(1992)}."),
            passage(
                f"Establishment of the American Embassy in {year(1992)}.",
                '<placeName key="tbilisi">Tbilisi</placeName>',
            ),
        )
    )
    relations = """SELECT ?k ?f ?l { ?r a dg:Relations ; dg:relationKind ?k ; dg:from ?f ;
        dg:oneSide|dg:otherSide state:GEO ;
        dg:evidence [ dg:level ?l ; dg:file "articles/georgia.xml" ] }"""
    assert {(k.rpartition("/")[2], f, level.rpartition("/")[2]) for k, f, level in found.rows(relations)} == {
        ("recognition", "1991-12-25", "resolved"),
        ("diplomatic-relations", "1992", "stated"),
    }
    assert found.rows("""SELECT ?e ?d { ?e a dg:EstablishmentOfRelations ; dg:date ?d .
        [] dg:event ?e ; dg:role role:party ; dg:agent state:GEO . [] dg:event ?e ; dg:agent state:USA }""") == {
        ("https://w3id.org/diplograph/id/event/rdcr-georgia-relations-2", "1992")
    }
    assert found.rows("SELECT ?d { event:rdcr-georgia-relations-3 a dg:Event ; dg:heldIn place:tbilisi ; dg:date ?d }")
    assert found.rows("SELECT ?d { ?doc a dg:Dataset ; dg:lastUpdated ?d }") == {("2008",)}


def test_relations_end_where_a_head_says_so(read_articles: Callable) -> None:
    found = read_articles(
        cuba=ARTICLE.format(
            title="Cuba",
            passages=passage(f"Establishment of Diplomatic Relations, {year(1902)}.")
            + passage(f"American Embassy Closed, {year(1959)}.")
            + passage(f"Diplomatic Relations Severed, {year(1961)}."),
        )
    )
    assert found.rows("""SELECT ?f ?u ?r { ?x a dg:Relations ; dg:from ?f ; dg:until ?u ; dg:evidence [ dg:record ?r ;
        dg:level level:resolved ; dg:note ?n ] }""") == {
        ("1902", "1961", "relations, 1, relations"),
        ("1902", "1961", "relations, 3, relations"),
    }


def test_what_has_no_date_and_what_has_no_head(read_articles: Callable) -> None:
    found = read_articles(
        georgia=georgia(passage("Establishment of Diplomatic Relations."), passage("", "The embassy is in Tbilisi."))
    )
    assert found.rows("SELECT ?e ?d { ?e a dg:EstablishmentOfRelations OPTIONAL { ?e dg:date ?d } }") == {
        ("https://w3id.org/diplograph/id/event/rdcr-georgia-relations-1", "")
    }
    assert len(found.rows("SELECT ?r { ?r a dg:Relations FILTER NOT EXISTS { ?r dg:from ?f } }")) == 1
    (problem,) = found.intake.problems
    assert (problem.file, problem.record) == ("articles/georgia.xml", "relations, 2")


def test_a_broken_article_and_an_unknown_country_stop_nothing(read_articles: Callable) -> None:
    found = read_articles(
        georgia=georgia(passage(f"Recognition, {year(1991)}.")),
        broken="<TEI><text>",
        atlantis=ARTICLE.format(title="Atlantis", passages=passage(f"Mutual Recognition, {year(1802)}.")),
    )
    assert [problem.file for problem in found.intake.problems] == ["articles/broken.xml"]
    assert found.intake.unresolved == {("state", "Atlantis"): 1}
    assert found.rows("SELECT ?l { event:rdcr-atlantis-relations-1 skos:prefLabel ?l }") == {
        ("Mutual Recognition, 1802 (Atlantis)",)
    }
    assert len(found.rows("SELECT ?r { ?r a dg:Relations }")) == 1


@pytest.fixture(scope="module")
def everything(archive: Callable, read_records: Callable) -> tuple:
    directory = archive("rdcr")
    raw = []
    for path in sorted((directory / "articles").glob("*.xml")):
        numbers: dict[str, int] = {}
        for section in ElementTree.parse(path).iter(f"{TEI}div"):
            for timeline in section.findall(f"{TEI}div[@type='timeline']"):
                name = section.get(ID, "article")
                numbers[name] = numbers.get(name, 0) + 1
                raw.append((path.name, f"{name}, {numbers[name]}", timeline.find(f"{TEI}head")))
    return raw, read_records(read, directory)


def spoken(head: ElementTree.Element | None) -> str:
    return "" if head is None else " ".join("".join(head.itertext()).split())


@pytest.mark.shared
def test_every_passage_is_an_event_or_is_listed(everything: tuple) -> None:
    raw, found = everything
    assert len(raw) == 1218
    wanted = {(f"articles/{file}", record) for file, record, _ in raw}
    cited = found.rows("SELECT ?f ?r { [] a dg:Evidence ; dg:file ?f ; dg:record ?r }")
    listed = {(problem.file, problem.record) for problem in found.intake.problems if "no head" in problem.message}
    assert listed == {(f"articles/{file}", record) for file, record, head in raw if not spoken(head)}
    assert {(file, record) for file, record in cited if not record.endswith(", relations")} == wanted - listed
    assert not found.intake.unresolved


@pytest.mark.shared
def test_dates_are_those_of_the_heads(everything: tuple) -> None:
    raw, found = everything
    heads = {f"articles/{file}, {record}": head for file, record, head in raw}
    slips = {f"{problem.file}, {problem.record}" for problem in found.intake.problems}
    assert len(slips) == 8 + len([head for head in heads.values() if not spoken(head)])
    rows = found.rows("""SELECT ?f ?r ?d ?l { [] dg:event ?e ; dg:agent state:USA ; dg:evidence ?v . ?e dg:date ?d .
        ?v dg:file ?f ; dg:record ?r ; dg:level ?level BIND(strafter(str(?level), "level/") AS ?l) }""")
    checked = 0
    for file, record, date, level in rows:
        place = f"{file}, {record}"
        marked = [value for each in heads[place].iter(f"{TEI}date") for key, value in each.items() if key != "to"]
        if place not in slips and len(marked) == 1:
            checked += 1
            assert date == marked[0] if level == "stated" else date.startswith(marked[0]), place
    assert checked > 1000


@pytest.mark.shared
def test_heads_of_the_usual_forms_are_relations_of_their_country(everything: tuple, states: StateNames) -> None:
    raw, found = everything
    rows = found.rows("""SELECT ?f ?k ?s { ?x a dg:Relations ; dg:relationKind ?k ; dg:evidence [ dg:file ?f ] ;
        dg:oneSide|dg:otherSide ?s FILTER(?s != state:USA) }""")
    said = {(file, kind.rpartition("/")[2]) for file, kind, _ in rows}
    for file, _, head in raw:
        if re.match(r"(U\.S\.|United States) Recognition of \w+( \w+)?, \d{4}\.$", spoken(head)):
            assert (f"articles/{file}", "recognition") in said
        if re.match(r"Establishment of Diplomatic Relations(, \d{4})?\.$", spoken(head)):
            assert (f"articles/{file}", "diplomatic-relations") in said
    azerbaijan = str(states.entity("Azerbaijan"))
    assert {kind.rpartition("/")[2] for _, kind, side in rows if side == azerbaijan} == {
        "recognition",
        "diplomatic-relations",
    }


@pytest.mark.shared
def test_azerbaijan_cuba_and_the_two_chinas(everything: tuple) -> None:
    _, found = everything
    rows = found.rows("""SELECT ?s ?k ?f ?u { ?x a dg:Relations ; dg:relationKind ?k ; dg:oneSide|dg:otherSide ?s
        OPTIONAL { ?x dg:from ?f } OPTIONAL { ?x dg:until ?u } FILTER(?s IN (state:AZE, state:CUB, state:TWN)) }""")
    assert {(s.rpartition("/")[2], k.rpartition("/")[2], f, u) for s, k, f, u in rows} == {
        ("AZE", "recognition", "1991-12-25", ""),
        ("AZE", "diplomatic-relations", "1992-02-19", ""),
        ("CUB", "recognition", "1902", ""),
        ("CUB", "diplomatic-relations", "1902", "1961"),
        ("CUB", "diplomatic-relations", "2015", ""),
        ("TWN", "diplomatic-relations", "", "1979"),
    }


@pytest.mark.shared
def test_a_slice_fits_the_shapes(archive: Callable, tmp_path: Path, read_records: Callable) -> None:
    (tmp_path / "articles").mkdir()
    for name in ("azerbaijan", "cuba", "germany", "parma"):
        text = (archive("rdcr") / "articles" / f"{name}.xml").read_bytes()
        (tmp_path / "articles" / f"{name}.xml").write_bytes(text)
    graph = read_records(read, tmp_path).graph + rdflib_graph(packaged_sources("states")[0].ntriples)
    found = [each for each in findings(graph) if each.severity != "info"]
    undated = {each for each in found if "timeline" in each.message}
    assert [str(each) for each in found if each not in undated] == []
    assert all(each.severity == "warning" for each in undated)
