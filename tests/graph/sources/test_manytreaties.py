"""Agreements and parties from the tables of manytreaties: what rows say, and that every real row is there."""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from diplograph.errors import InputError
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources import manytreaties
from diplograph.graph.sources.intake import Intake
from diplograph.graph.sources.treaty_dates import written_date
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.validation import findings

ARCHIVE = Path(__file__).resolve().parents[4] / "shared" / "data" / "manytreaties" / "manytreaties.tar.gz"
AGREEMENTS = "treatyID,Title,Begin,End,Signature,Force,TypeAgree,TypeAmbit,TypeSubject,TitleAlt"
PARTIES = (
    "stateID,treatyID,Title,Begin,End,Signature,StateSignature,StateRatification,Force,StateForce,StateEnd,Comments"
)

Read = Callable[..., "Records"]


class Records:
    """What was read, to be asked in SPARQL."""

    def __init__(self, intake: Intake) -> None:
        self.intake, self.store = intake, ox.Store()
        for finished in intake.finished:
            self.store.bulk_load(path=str(finished.draft.path), format=ox.RdfFormat.N_TRIPLES)

    def rows(self, pattern: str, *names: str) -> Counter[tuple[str, ...]]:
        found = self.store.query(f"SELECT * WHERE {{ {pattern} }}", prefixes=PREFIXES)
        return Counter(tuple(short(row[name]) for name in names) for row in found)

    def holds(self, pattern: str) -> bool:
        return bool(self.store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


def short(term: ox.NamedNode | ox.Literal | None) -> str:
    return "" if term is None else re.sub(r"^https://w3id.org/diplograph/(?:id|code)/", "", term.value)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads tables that are given as lines under their headings."""

    def records(
        agreements: str = "", parties: str = "", name: str = "GGO", heads: tuple[str, str] | None = None
    ) -> Records:
        tables = tmp_path / "tables"
        tables.mkdir()
        first, second = heads or (AGREEMENTS, PARTIES)
        if agreements:
            (tables / f"agreements_{name}.csv").write_text(f"{first}\n{agreements}\n", encoding="utf-8")
        if parties:
            (tables / f"parties_{name}.csv").write_text(f"{second}\n{parties}\n", encoding="utf-8")
        intake = Intake(tmp_path)
        manytreaties.read([tables], intake)
        return Records(intake)

    return records


PACT = "AAA-BBB_1950A,Pact On Fish,1950-03-01,,1950-03-01,1951,Agreement,Bilateral,Fishing,"


def party(state: str, signed: str = "", ratified: str = "", force: str = "", end: str = "", comment: str = "") -> str:
    return f"{state},AAA-BBB_1950A,Pact On Fish,1950-03-01,,1950-03-01,{signed},{ratified},1951,{force},{end},{comment}"


@pytest.mark.parametrize(
    ("cell", "lexical", "doubtful", "wrong"),
    [
        ("1950-03-01", "1950-03-01", False, False),
        ("1950-03", "1950-03", False, False),
        ("1950", "1950", False, False),
        ("", "", False, False),
        ("NA", "", False, False),
        ("9999-12-31", "", False, False),
        ("2899-01-01", "", False, False),
        ("2999-01-01", "", False, False),
        ("1972-06-30?", "1972-06-30", True, False),
        ("1972-06-30~", "1972-06-30", True, False),
        ("2010-XX-XX-", "2010", True, False),
        ("1964-XX-16", "1964", True, False),
        ("1981-09..1981-10", "", True, False),
        ("1948:1950", "", True, False),
        ("1976-06-31", "", False, True),
        ("0014-022005", "", False, True),
    ],
)
def test_a_date_is_as_exact_as_its_cell_and_open_is_no_date(
    cell: str, lexical: str, doubtful: bool, wrong: bool
) -> None:
    found = written_date(cell)
    assert (found.lexical, found.doubtful, found.wrong) == (lexical, doubtful, wrong)
    assert bool(found.spelled) == bool(lexical)


def test_an_agreement_has_its_name_kind_and_dates(read: Read) -> None:
    found = read(PACT)
    pact = "agreement:aaa-bbb-1950a"
    assert found.holds(f'{pact} a dg:Treaty ; skos:prefLabel "Pact On Fish"@en ; dg:scope "Bilateral"@en')
    assert found.holds(f'{pact} dg:subject "Fishing"@en ; dg:localId "manytreaties-ggo:AAA-BBB_1950A"')
    dates = found.rows(f"?f a dg:Assertion ; rdf:subject {pact} ; rdf:predicate ?p ; rdf:object ?o", "p", "o")
    assert sorted(o for _, o in dates) == ["1950-03-01", "1951"]


def test_who_ratified_or_is_bound_is_party_and_who_only_signed_is_not(read: Read) -> None:
    rows = [party("FRA", "1950-03-01", "1950-12", "1951-01-01"), party("DEU", "1950-03-01"), party("ITA"),
            party("ESP", "1950-03-01", "1950-12-24", "9999-12-31")]  # fmt: skip
    found = read(PACT, "\n".join(rows))
    parties = found.rows("?f a dg:Partyship ; dg:party ?p OPTIONAL { ?f dg:from ?d }", "p", "d")
    assert parties == Counter([("state/FRA", "1951-01-01"), ("state/ITA", ""), ("state/ESP", "")])
    acts = found.rows("?f a dg:TreatyAction ; dg:party ?p ; dg:action ?a ; dg:date ?d", "p", "a", "d")
    assert ("state/DEU", "action/signed", "1950-03-01") in acts
    assert ("state/FRA", "action/ratified", "1950-12") in acts
    assert not [act for act in acts if act[0] == "state/ITA" or act[2].startswith("9999")]


def test_several_rows_of_one_state_are_several_spells(read: Read) -> None:
    rows = [party("FRA", "", "", "1951", "1952"), party("FRA", "", "", "1955", "1956")]
    found = read(PACT, "\n".join(rows))
    spells = found.rows("?f a dg:Partyship ; dg:from ?b ; dg:until ?e", "b", "e")
    assert spells == Counter([("1951", "1952"), ("1955", "1956")])


def test_each_fact_cites_the_line_it_stands_on(read: Read) -> None:
    found = read(PACT, "\n".join([party("FRA", "1950-03-01"), party("DEU", "1950-03-01", comment="By note")]))
    cited = found.rows(
        "?f a dg:TreatyAction ; dg:party ?p ; dg:evidence ?e . ?e dg:file ?file ; dg:record ?r", "p", "r", "file"
    )
    assert cited == Counter([("state/FRA", "line 2", "parties_GGO.csv"), ("state/DEU", "line 3", "parties_GGO.csv")])
    assert found.holds('?e dg:record "line 3" ; dg:note "By note"@en')


def test_russia_in_the_soviet_union_s_time_is_the_soviet_union_by_resolution(read: Read) -> None:
    found = read(PACT, "\n".join([party("RUS", "1950-03-01"), party("RUS", "1999-03-01"), party("RUS", "1890")]))
    acts = found.rows("?f a dg:TreatyAction ; dg:party ?p ; dg:evidence/dg:level ?l", "p", "l")
    assert acts == Counter(
        [("state/SUN", "level/resolved"), ("state/RUS", "level/stated"), ("state/russian-empire", "level/resolved")]
    )


def test_a_code_of_an_organization_is_not_taken_for_a_state_s(read: Read) -> None:
    found = read(PACT, party("EC", "", "1990"))
    assert found.rows("?f a dg:Partyship ; dg:party ?p", "p") == Counter([("organization/european-community",)])


def test_what_is_unknown_is_kept_as_written_and_listed(read: Read) -> None:
    found = read(PACT, party("QAR", "1950-03-01"))
    assert found.intake.unresolved == Counter({("party", "QAR"): 1})
    assert found.holds('?f dg:party ?p . ?p skos:prefLabel "QAR"@en')


def test_one_identifier_of_two_titles_is_two_agreements(read: Read) -> None:
    other = PACT.replace("Pact On Fish", "Protocol On Fish").replace("1950-03-01", "1950-04-01")
    found = read(f"{PACT}\n{other}", party("FRA", "", "1950"))
    labels = found.rows("?f a dg:Partyship ; dg:agreement/skos:prefLabel ?l", "l")
    assert labels == Counter([("Pact On Fish",)])
    assert len(found.rows("?a a dg:Treaty", "a")) == 2


def test_an_agreement_that_only_parties_name_is_described_by_them(read: Read) -> None:
    found = read("", party("FRA", "1950-03-01"))
    assert found.holds('agreement:aaa-bbb-1950a skos:prefLabel "Pact On Fish"@en')


def test_tables_of_desta_are_joined_by_number(read: Read) -> None:
    heads = ("treatyID,Title,Begin,Signature,Force,TypeAgree,TypeAmbit,TitleAlt,destaID",
             "stateID,treatyID,Begin,Title,Signature,Force,StateName,destaID")  # fmt: skip
    found = read("ZAF-ZWE_1948O,Customs Union,1948,1948,1949,Agreement,Bilateral,,663",
                 "ZAF,ZAF-ZWE[RCU]_1948O,1948,Customs Union,1948,1949,South Africa,663", "DESTA", heads)  # fmt: skip
    assert found.rows("?f a dg:Partyship ; dg:agreement ?a ; dg:party ?p ; dg:from ?d", "a", "p", "d") == Counter(
        [("agreement/zaf-zwe-1948o", "state/ZAF", "1949")]
    )


def test_bad_rows_are_listed_by_line_and_do_not_stop_the_rest(read: Read) -> None:
    found = read(f"{PACT}\nshort,row\n{PACT.replace('AAA-BBB_1950A', '')}\n{PACT.replace('1951', '1951-02-30')}")
    told = [(problem.record, problem.message.split()[0]) for problem in found.intake.problems]
    assert told == [("line 3", "The"), ("line 4", "The"), ("line 5", "Force")]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables agreements_GGO"):
        manytreaties.read([tmp_path], Intake(tmp_path))
    (tmp_path / "agreements_GGO.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column treatyID and no Title"):
        manytreaties.read([tmp_path], Intake(tmp_path))


def test_what_is_read_fits_the_shapes(read: Read) -> None:
    found = read(
        PACT, "\n".join([party("FRA", "1950-03-01", "1950-12", "1951-01-01", "1960"), party("EC", "", "1990")])
    )
    graph = rdflib_graph(b"".join(each.draft.path.read_bytes() for each in found.intake.finished))
    assert [str(each) for each in findings(graph) if each.severity == "violation"] == []


# The real tables, against a reading of their own.


def table(name: str) -> Iterator[dict[str, str]]:
    if not ARCHIVE.is_file():
        pytest.skip(f"the records kept beside the project are missing: {ARCHIVE.name}")
    with tarfile.open(ARCHIVE) as archive:
        [member] = [each for each in archive if each.name.endswith(f"{name}.csv")]
        content = archive.extractfile(member)
        assert content is not None
        yield from csv.DictReader(io.StringIO(content.read().decode()))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Records:
    if not ARCHIVE.is_file():
        pytest.skip(f"the records kept beside the project are missing: {ARCHIVE.name}")
    directory = tmp_path_factory.mktemp("manytreaties")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(directory, filter="data")
    intake = Intake(tmp_path_factory.mktemp("drafts"))
    manytreaties.read([next(directory.rglob("parties_GGO.csv")).parent], intake)
    return Records(intake)


@pytest.mark.shared
def test_every_row_of_the_real_tables_is_cited_or_listed(real: Records) -> None:
    cited = real.rows("?e dg:file ?f ; dg:record ?r", "f", "r")
    known = {*cited, *((problem.file, problem.record) for problem in real.intake.problems)}
    for name in ("agreements_GGO", "parties_GGO", "agreements_DESTA", "parties_DESTA"):
        count = sum(1 for _ in table(name))
        missing = [n for n in range(2, count + 2) if (f"{name}.csv", f"line {n}") not in known]
        assert missing == []


@pytest.mark.shared
def test_dates_of_actions_are_those_of_the_rows_as_text(real: Records) -> None:
    wanted = defaultdict[str, set[str]](set)
    for line, row in enumerate(table("parties_GGO"), start=2):
        for column, action in (("StateSignature", "signed"), ("StateRatification", "ratified"),
                               ("StateForce", "entered-into-force"), ("StateEnd", "terminated")):  # fmt: skip
            day = row[column].rstrip("?")
            if day and not day.startswith(("9999", "2999", "2899")) and day != "2020-99-99":
                wanted[f"line {line}"].add(f"{action} {day}")
    found = defaultdict[str, set[str]](set)
    evidence = '?e dg:file "parties_GGO.csv" ; dg:record ?r'
    pattern = f"?f a dg:TreatyAction ; dg:action ?a ; dg:date ?d ; dg:evidence ?e . {evidence}"
    for action, day, record in real.rows(pattern, "a", "d", "r"):
        found[record].add(f"{action.removeprefix('action/')} {day}")
    assert found == wanted


@pytest.mark.shared
def test_no_open_marker_is_anywhere_a_date(real: Records) -> None:
    assert not real.holds('?f ?p ?d FILTER(isLiteral(?d) && REGEX(STR(?d), "^(9999|2999|2899)-"))')


@pytest.mark.shared
def test_parties_of_the_law_of_the_sea_are_those_who_ratified_or_are_bound(real: Records) -> None:
    wanted = set()
    for row in table("parties_GGO"):
        real_force = row["StateForce"] and not row["StateForce"].startswith("9999")
        real_ratification = row["StateRatification"] and not row["StateRatification"].startswith("9999")
        if row["treatyID"] == "UNCLOS_1982A" and (real_force or real_ratification or not row["StateSignature"]):
            wanted.add(row["stateID"])
    found = {
        p.rpartition("/")[2]
        for (p,) in real.rows("?f a dg:Partyship ; dg:agreement agreement:unclos-1982a ; dg:party ?p", "p")
    }
    assert {code for code in found if len(code) == 3} == {code for code in wanted if not code.startswith("EU")}
