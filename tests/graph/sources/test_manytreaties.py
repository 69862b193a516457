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
        ("0001-01-01", "", False, False),
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
    assert found.open == cell.startswith(("9999", "2899", "2999", "0001"))


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


def spells(found: Records) -> Counter[tuple[str, ...]]:
    pattern = "?f a dg:Partyship ; dg:party ?p OPTIONAL { ?f dg:from ?b } OPTIONAL { ?f dg:until ?e }"
    return found.rows(pattern, "p", "b", "e")


def test_who_acts_is_the_state_of_the_time_by_resolution(read: Read) -> None:
    found = read(
        PACT, "\n".join([party("RUS", "1982-12-10", "1997-03-12"), party("RUS", "1999"), party("RUS", "1890")])
    )
    acts = found.rows("?f a dg:TreatyAction ; dg:party ?p ; dg:date ?d ; dg:evidence/dg:level ?l", "p", "d", "l")
    assert acts == Counter(
        [
            ("state/SUN", "1982-12-10", "level/resolved"),
            ("state/RUS", "1997-03-12", "level/resolved"),
            ("state/RUS", "1999", "level/stated"),
            ("state/russian-empire", "1890", "level/resolved"),
        ]
    )
    assert found.holds('?e dg:note "The code RUS stands for the Soviet Union until 1991-12-26."@en')


def test_a_treaty_that_outlives_a_state_binds_the_next_one(read: Read) -> None:
    assert spells(read(PACT, party("CZE", "", "", "1970", "9999-12-31"))) == Counter(
        [("state/CSK", "1970", "1992-12-31"), ("state/CZE", "1993-01-01", "")]
    )


def test_a_state_without_a_known_beginning_follows_at_the_end_of_the_one_before(read: Read) -> None:
    assert spells(read(PACT, party("RUS", "", "", "1970", "9999-12-31"))) == Counter(
        [("state/SUN", "1970", "1991-12-26"), ("state/RUS", "1991-12-26", "")]
    )


def test_each_state_in_between_was_party_in_its_time(read: Read) -> None:
    assert spells(read(PACT, party("SRB", "", "", "1970", "2010"))) == Counter(
        [
            ("state/YUG", "1970", "1992-04-27"),
            ("state/SCG", "1992-04-27", "2006-06"),
            ("state/SRB", "2006-06-05", "2010"),
        ]
    )


@pytest.mark.parametrize(
    ("row", "spell"),
    [
        (party("CZE", "", "", "1970", "1980"), ("state/CSK", "1970", "1980")),
        (party("CZE", "", "", "1970"), ("state/CSK", "1970", "")),
        (party("CZE", "", "1970", "9999-12-31"), ("state/CSK", "", "")),
        (party("CZE", "", "", "", "1980"), ("state/CSK", "", "1980")),
        (party("CZE", "", "", "", "9999-12-31"), ("state/CZE", "", "")),
        (party("CZE", "1970", "", "1995", "9999-12-31"), ("state/CZE", "1995", "")),
    ],
)
def test_where_a_treaty_is_not_known_to_outlive_a_state_only_one_was_party(
    read: Read, row: str, spell: tuple[str, ...]
) -> None:
    assert spells(read(PACT, row)) == Counter([spell])


def test_a_row_that_ends_before_it_begins_tells_no_time(read: Read) -> None:
    found = read(PACT, party("FRA", "", "", "1990", "1970-06-30"))
    assert not found.holds("?f a dg:Partyship")
    assert found.rows("?f a dg:TreatyAction ; dg:date ?d ; dg:evidence/dg:note ?n", "d", "n") == Counter(
        (day, "It ended before it began: no time in which it was party is given.") for day in ("1990", "1970-06-30")
    )


def test_where_the_party_s_end_is_blank_the_treaty_s_tells_whether_it_is_open(read: Read) -> None:
    row = party("CZE", "", "", "1970").replace("1950-03-01,,", "1950-03-01,9999-12-31,", 1)
    assert set(spells(read(PACT, row))) == {("state/CSK", "1970", "1992-12-31"), ("state/CZE", "1993-01-01", "")}


def test_a_date_without_a_state_of_the_code_has_a_note(read: Read) -> None:
    found = read(PACT, "\n".join([party("AZE", "1950"), party("CSK", "1999")]))
    assert found.holds('?e dg:note "1950 is before the beginning of Azerbaijan (1991-10-18)."@en')
    assert found.holds('?e dg:note "1999 is after the end of Czechoslovakia (1992-12-31)."@en')


def test_a_row_that_says_that_nothing_has_happened_is_listed(read: Read) -> None:
    found = read(PACT, party("FRA", "9999-12-31", "9999-12-31", "9999-12-31"))
    assert [problem.record for problem in found.intake.problems] == ["line 2"]
    assert not found.holds("?f dg:party ?p")


def test_a_term_is_kept_in_the_evidence(read: Read) -> None:
    found = read(f"{PACT},1960", heads=(f"{AGREEMENTS},Term", PARTIES))
    assert found.holds('?e dg:note "Term is written 1960."@en')


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


def titled(title: str, signed: str = "1950-03-01") -> str:
    return PACT.replace("Pact On Fish", title).replace("1950-03-01", signed)


def agreement_of(found: Records) -> set[str]:
    return {label for (label,) in found.rows("?f dg:party ?p ; dg:agreement/skos:prefLabel ?l", "l")}


def test_a_title_that_is_worded_otherwise_is_told_by_the_date(read: Read) -> None:
    row = party("FRA", "", "1950").replace("Pact On Fish", "The Pact On Fish")
    found = read(f"{titled('Pact On Fish')}\n{titled('Pact On Eels', '1950-06-01')}", row)
    assert agreement_of(found) == {"Pact On Fish"}


def test_another_title_of_another_date_is_another_agreement(read: Read) -> None:
    row = party("FRA", "", "1950").replace("Pact On Fish", "Pact On Eels").replace("1950-03-01", "1950-06-01")
    found = read(PACT, row)
    assert agreement_of(found) == {"Pact On Eels"}
    assert len(found.rows("?a a dg:Treaty", "a")) == 1


def test_long_titles_that_begin_or_end_alike_are_apart(read: Read) -> None:
    begin, end = "Agreement Between The Governments Of A And B", "Of The Waters That Both Have For Their Frontier"
    titles = [f"{begin} On {what} {end}" for what in ("The Fish", "The Eels")] + [f"{begin} On The Use {end} In 1950"]
    found = read("\n".join(map(titled, titles)))
    assert len(found.rows("?a a dg:Treaty", "a")) == 3


def test_an_agreement_that_only_parties_name_is_described_by_them(read: Read) -> None:
    rows = [party("FRA", "1950-03-01"), party("FRA", "1951").replace("1950-03-01", "1951").replace("Fish", "Eels")]
    found = read("", "\n".join(rows))
    assert found.holds('agreement:aaa-bbb-1950a skos:prefLabel "Pact On Fish"@en')
    assert found.holds('agreement:aaa-bbb-1950a-pact-on-eels skos:prefLabel "Pact On Eels"@en')
    assert found.rows('?e dg:record "line 2, treaty" ; dg:level ?l', "l") == Counter([("level/stated",)])


DESTA = (
    "treatyID,Title,Begin,Signature,Force,TypeAgree,TypeAmbit,TitleAlt,destaID",
    "stateID,treatyID,Begin,Title,Signature,Force,StateName,destaID",
)


def test_tables_of_desta_are_joined_by_number(read: Read) -> None:
    found = read("ZAF-ZWE_1948O,Customs Union,1948,1948,1949,Agreement,Bilateral,,663",
                 "ZAF,ZAF-ZWE[RCU]_1948O,1948,Customs Union,1948,1949,South Africa,663", "DESTA", DESTA)  # fmt: skip
    assert found.rows("?f a dg:Partyship ; dg:agreement ?a ; dg:party ?p ; dg:from ?d", "a", "p", "d") == Counter(
        [("agreement/zaf-zwe-1948o", "state/ZAF", "1949")]
    )
    assert found.holds("?f a dg:Partyship ; dg:evidence/dg:level level:inferred")


def test_agreements_of_desta_with_one_identifier_or_one_number_are_apart(read: Read) -> None:
    agreements = ["GBR_2019O,Korea UK,2019,2019,,Agreement,Bilateral,,1017",
                  "GBR_2019O,Andean Countries UK,2019,2019,,Agreement,External,,1016",
                  "EC_1957O,EC,1957,1957,1958,Agreement,Regional,,293",
                  "ECSNEA_1986A,EC Single Act,1986,1986,1987,Protocol,Regional,,293"]  # fmt: skip
    rows = ["KOR,GBR_2019O,2019,Korea UK,2019,,Korea,1017",
            "PER,GBR_2019O,2019,Andean Countries UK,2019,,Peru,1016",
            "BEL,EC_1957O,1957,EC,1957,1958,Belgium,293",
            "DNK,EC[X]_1986A,1986,EC Single Act,1986,,Denmark,293"]  # fmt: skip
    found = read("\n".join(agreements), "\n".join(rows), "DESTA", DESTA)
    assert set(found.rows("?f a dg:TreatyAction ; dg:party ?p ; dg:agreement/skos:prefLabel ?l", "p", "l")) == {
        ("state/KOR", "Korea UK"),
        ("state/PER", "Andean Countries UK"),
        ("state/BEL", "EC"),
        ("state/DNK", "EC Single Act"),
    }


def test_who_is_listed_again_when_others_accede_is_party_since_the_first_time(read: Read) -> None:
    rows = ["BEL,EC_1957O,1972,EC,1972,1973,Belgium,293", "DNK,EC_1957O,1972,EC,1972,1973,Denmark,293",
            "BEL,EC_1957O,1957,EC,1957,1958,Belgium,293"]  # fmt: skip
    found = read("EC_1957O,EC,1957,1957,1958,Agreement,Regional,,293", "\n".join(rows), "DESTA", DESTA)
    assert spells(found) == Counter([("state/BEL", "1958", ""), ("state/DNK", "1973", "")])
    assert found.holds('?e dg:record "line 2" ; dg:note "Listed again with 1972."@en')
    assert found.rows("?f a dg:Partyship ; dg:party state:BEL ; dg:evidence ?e", "f").total() == 2


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
    rows = [party("FRA", "1950-03-01", "1950-12", "1951-01-01", "1960"), party("EC", "", "1990"), party("ITA"),
            party("RUS", "", "", "1960", "9999-12-31"), party("FRA", "", "", "1990", "1970"),
            party("RUS", "1951").replace("AAA", "CCC"), party("QAR", "1951?")]  # fmt: skip
    found = read(PACT, "\n".join(rows))
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
            if day and not day.startswith(("9999", "2999", "2899", "0001")) and day != "2020-99-99":
                wanted[f"line {line}"].add(f"{action} {day}")
    found = defaultdict[str, set[str]](set)
    evidence = '?e dg:file "parties_GGO.csv" ; dg:record ?r'
    pattern = f"?f a dg:TreatyAction ; dg:action ?a ; dg:date ?d ; dg:evidence ?e . {evidence}"
    for action, day, record in real.rows(pattern, "a", "d", "r"):
        found[record].add(f"{action.removeprefix('action/')} {day}")
    assert found == wanted


@pytest.mark.shared
def test_no_open_marker_is_anywhere_a_date(real: Records) -> None:
    assert not real.holds('?f ?p ?d FILTER(isLiteral(?d) && REGEX(STR(?d), "^(9999|2999|2899|0001)(-|$)"))')


def titles(name: str) -> dict[str, set[str]]:
    """For each identifier of a table of agreements, its titles, letters and digits alone."""
    found = defaultdict[str, set[str]](set)
    for row in table(f"agreements_{name}"):
        found[row["treatyID"]].add("".join(filter(str.isalnum, row["Title"].lower())))
    return found


@pytest.mark.shared
@pytest.mark.parametrize("name", ["GGO", "DESTA"])
def test_every_title_of_an_identifier_is_an_agreement(real: Records, name: str) -> None:
    pattern = f'?a dg:localId ?id ; skos:prefLabel ?l FILTER(STRSTARTS(?id, "manytreaties-{name.lower()}:"))'
    found = Counter(identifier.partition(":")[2] for identifier, _, _ in real.rows(pattern, "id", "a", "l"))
    few = {identifier for identifier, known in titles(name).items() if found[identifier] < len(known)}
    assert few == set()


@pytest.mark.shared
def test_codes_that_are_nobody_s_are_listed_and_all_others_resolved(real: Records) -> None:
    written = {words: times for (_, words), times in real.intake.unresolved.items()}
    assert set(written) == {
        *("Baden-Württemberg", "Bayern", "Member countries not listed"),
        *("BZL", "QAR", "SAR", "UNK", "VAE"),
    }
    rows = Counter(row["stateID"] for row in table("parties_GGO"))
    assert written == {words: rows[words] for words in written}
    known = {p.rpartition("/")[2] for (p,) in real.rows("?f dg:party ?p", "p")}
    codes = {code for code in rows if len(code) == 3 and code.isupper()} - written.keys()
    # Codes that the tables have besides those of ISO, and what they stand for.
    own = {"ALG": "DZA", "AUH": "austria-hungary", "DZG": "danzig", "EAT": "tanganyika", "EAZ": "zanzibar",
           "EUE": "european-union", "EUU": "european-union", "GDR": "DDR", "HSG": "hesse", "KOS": "XKX", "LES": "LSO",
           "PRU": "prussia", "ROM": "ROU", "YAR": "yemen-arab-republic", "YPR": "YMD"}  # fmt: skip
    assert {own.get(code, code) for code in codes} <= known


@pytest.mark.shared
def test_parties_of_the_fish_stocks_agreement_are_those_who_ratified_or_are_bound(real: Records) -> None:
    wanted = set()
    for row in table("parties_GGO"):
        past = any(row[c] and not row[c].startswith(("9999", "0001")) for c in ("StateForce", "StateRatification"))
        past &= not "0" < row["StateEnd"] < row["StateForce"]
        if row["treatyID"] == "UNCLOS_1982A" and row["Signature"] == "1995-08-04" and past:
            wanted.add(row["stateID"])
    agreement = (
        '?a skos:prefLabel ?l ; dg:localId "manytreaties-ggo:UNCLOS_1982A" FILTER(CONTAINS(?l, "Straddling Fish"))'
    )
    found = {
        p.rpartition("/")[2]
        for (p,) in real.rows(f"{agreement} ?f a dg:Partyship ; dg:agreement ?a ; dg:party ?p", "p")
    }
    assert len(wanted) > 50
    assert found - {"SCG", "european-union"} == {code for code in wanted if not code.startswith("EU")}


@pytest.mark.shared
def test_members_of_the_common_market_have_their_years(real: Records) -> None:
    first: dict[str, str] = {}
    for row in table("parties_DESTA"):
        if row["destaID"] == "293" and row["Title"] == "EC":
            first[row["stateID"]] = min(first.get(row["stateID"], "9999"), row["Force"] or "9999")
    pattern = "?f a dg:Partyship ; dg:agreement agreement:ec-1957o ; dg:party ?p ; dg:from ?d"
    found = {p.rpartition("/")[2]: d for p, d in real.rows(pattern, "p", "d")}
    assert found == first


@pytest.mark.shared
def test_a_slice_of_the_real_facts_fits_the_shapes(real: Records) -> None:
    lines = [
        line for each in real.intake.finished for line in each.draft.path.read_text(encoding="utf-8").splitlines(True)
    ]
    facts = {line.partition(" ")[0] for line in lines if re.match(r"\S+/id/fact/\S+00>", line)}
    # What the facts speak of belongs to them, and the documents.
    there = facts | {line.split(" ", 3)[2] for line in lines if line.partition(" ")[0] in facts}
    part = [line for line in lines if line.partition(" ")[0] in there or "/doc/" in line.partition(" ")[0]]
    graph = rdflib_graph("".join(part).encode())
    assert len(facts) > 500
    assert [str(each) for each in findings(graph) if each.severity == "violation"] == []
