"""Country codes: names in six languages and codes, each of the state it is of, and nothing more than the table says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS

from diplograph.errors import InputError
from diplograph.graph.loading import packaged_sources
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.country_codes import read
from diplograph.graph.sources.intake import Intake
from diplograph.ontology.namespaces import IDENTIFIERS
from diplograph.ontology.terms import DG
from diplograph.ontology.validation import findings

RAW = Path(__file__).resolve().parents[4] / "shared" / "data" / "country-codes" / "country-codes.csv"
LANGUAGES = {"English": "en", "French": "fr", "Spanish": "es", "Russian": "ru", "Chinese": "zh", "Arabic": "ar"}
CODES = ("FIFA", "IOC", "ITU", "FIPS", "GAUL", "MARC", "WMO", "DS", "EDGAR", "TLD")
COLUMNS = [
    *("ISO3166-1-Alpha-3", "ISO3166-1-Alpha-2", "ISO3166-1-numeric", "M49", "Geoname ID", "wikidata_id", *CODES),
    *(f"official_name_{tag}" for tag in ("en", "fr", "es", "ru", "cn", "ar")),
    *(f"UNTERM {language} {form}" for language in LANGUAGES for form in ("Short", "Formal")),
    "CLDR display name",
]


def table(path: Path, *rows: dict[str, str], without: str = "") -> Path:
    columns = [column for column in COLUMNS if column != without]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval=" ")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(code: str, **cells: str) -> dict[str, str]:
    return {"ISO3166-1-Alpha-3": code, **{name.replace("_", " "): value for name, value in cells.items()}}


def written(tmp_path: Path, *rows: dict[str, str]) -> tuple[Graph, Intake]:
    return drafted(table(tmp_path / "country-codes.csv", *rows), tmp_path)


def drafted(path: Path, workspace: Path) -> tuple[Graph, Intake]:
    intake = Intake(workspace)
    read([path], intake)
    return rdflib_graph(intake.finished[0].draft.path.read_bytes()), intake


def state(code: str) -> URIRef:
    return URIRef(f"{IDENTIFIERS}state/{code}")


def said(graph: Graph, code: str, prop: URIRef) -> set[Literal]:
    return {value for value in graph.objects(state(code), prop) if isinstance(value, Literal)}


def test_code_na_is_namibia_not_a_blank(tmp_path: Path) -> None:
    graph, intake = written(tmp_path, row("NAM") | {"ISO3166-1-Alpha-2": "NA", "ISO3166-1-numeric": "516"})
    assert said(graph, "NAM", DG.isoAlpha2) == {Literal("NA")}
    assert not intake.problems


def test_cell_with_a_space_is_blank(tmp_path: Path) -> None:
    graph, _ = written(tmp_path, row("ATA", FIFA=" "))
    assert not list(graph.objects(None, DG.localId))
    assert not list(graph.objects(None, SKOS.altLabel))


def test_numeric_codes_have_three_digits(tmp_path: Path) -> None:
    graph, _ = written(tmp_path, row("AFG", M49="4") | {"ISO3166-1-numeric": "4"})
    assert said(graph, "AFG", DG.m49) == said(graph, "AFG", DG.isoNumeric) == {Literal("004")}


def test_several_codes_in_one_cell(tmp_path: Path) -> None:
    graph, _ = written(tmp_path, row("DOM", FIPS="DR,DX", TLD=".do"))
    assert said(graph, "DOM", DG.localId) == {Literal("fips:DR"), Literal("fips:DX"), Literal("tld:.do")}


def test_code_that_two_share_identifies_neither(tmp_path: Path) -> None:
    graph, intake = written(tmp_path, row("FIN", DS="FIN", IOC="FIN"), row("FRA", DS="FIN", IOC="FRA"))
    assert said(graph, "FIN", DG.localId) == {Literal("ioc:FIN")}
    assert [str(problem) for problem in intake.problems] == [
        "country-codes.csv, DS 'FIN': The code of FIN, FRA alike was left out, as it tells none of them apart."
    ]


@pytest.mark.parametrize(
    ("column", "cell", "name"),
    [
        ("UNTERM French Short", "Afghanistan (l')", "Afghanistan"),
        ("UNTERM French Short", "Bélarus (le)", "Bélarus"),
        ("UNTERM French Short", "Bolivie (État plurinational de)", "Bolivie (État plurinational de)"),
        ("UNTERM French Formal", "l’État de Palestine *", "État de Palestine"),
        ("UNTERM French Formal", "la République libanaise", "République libanaise"),
        ("UNTERM Spanish Short", "Bahamas (las)", "Bahamas"),
        ("UNTERM Spanish Formal", "los Estados Unidos Mexicanos", "Estados Unidos Mexicanos"),
        ("UNTERM Spanish Short", "El Salvador", "El Salvador"),
        ("UNTERM English Short", "Cook Islands (the) **", "Cook Islands"),
        ("UNTERM English Formal", "the Kingdom of\xa0Belgium", "Kingdom of Belgium"),
        ("UNTERM Chinese Formal", "罗马教廷 *", "罗马教廷"),
        ("official_name_es", "Lesotho", "Lesotho"),
    ],
)
def test_articles_and_marks_belong_off_the_name(tmp_path: Path, column: str, cell: str, name: str) -> None:
    graph, _ = written(tmp_path, row("AZE") | {column: cell})
    names = said(graph, "AZE", DG.officialName if column.endswith("Formal") else SKOS.altLabel)
    assert {str(each) for each in names} == {name}


def test_name_is_said_in_its_language(tmp_path: Path) -> None:
    graph, _ = written(tmp_path, row("AZE") | {"official_name_cn": "阿塞拜疆", "UNTERM Arabic Short": "أذربيجان"})
    assert said(graph, "AZE", SKOS.altLabel) == {Literal("阿塞拜疆", "zh"), Literal("أذربيجان", "ar")}


def test_label_of_the_reference_is_no_further_name(tmp_path: Path) -> None:
    graph, _ = written(tmp_path, row("AZE") | {"official_name_en": "Azerbaijan", "official_name_es": "Azerbaiyán"})
    assert said(graph, "AZE", SKOS.altLabel) == {Literal("Azerbaiyán", "es")}


def test_wikidata_page_means_its_item(tmp_path: Path) -> None:
    page = {"wikidata_id": "https://www.wikidata.org/wiki/Q227"}
    graph, _ = written(tmp_path, row("AZE") | page)
    assert set(graph.objects(state("AZE"), SKOS.exactMatch)) == {URIRef("http://www.wikidata.org/entity/Q227")}


def test_wikidata_id_that_is_none_is_listed(tmp_path: Path) -> None:
    graph, intake = written(tmp_path, row("AZE") | {"wikidata_id": "Azerbaijan"})
    assert not list(graph.objects(None, SKOS.exactMatch))
    assert "line 2: 'Azerbaijan' is no Wikidata item such as Q889" in str(intake.problems[0])


def test_unknown_code_and_broken_row_are_listed_by_line(tmp_path: Path) -> None:
    path = table(tmp_path / "country-codes.csv", row("XYZ"), row("AZE", IOC="AZE"))
    with path.open("a", encoding="utf-8") as file:
        file.write("a,b\n")
    graph, intake = drafted(path, tmp_path)
    assert [(p.record, p.message.partition(".")[0]) for p in intake.problems] == [
        ("line 4", f"The row has 2 cells, and the header {len(COLUMNS)}"),
        ("line 2", "'XYZ' is no ISO 3166-1 alpha-3 code of a known state"),
    ]
    assert said(graph, "AZE", DG.localId) == {Literal("ioc:AZE")}


def test_other_file_is_refused_with_the_missing_columns(tmp_path: Path) -> None:
    path = table(tmp_path / "other.csv", without="wikidata_id")
    with pytest.raises(InputError, match=r"other\.csv: .* these columns are missing: 'wikidata_id'\."):
        read([path], Intake(tmp_path))


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "country-codes.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as a CSV file in UTF-8"):
        read([path], Intake(tmp_path))
    with pytest.raises(InputError, match="No such file"):
        read([tmp_path / "nowhere.csv"], Intake(tmp_path))


def test_one_file_alone_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 were given"):
        read([tmp_path, tmp_path], Intake(tmp_path))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Intake]:
    return drafted(RAW, tmp_path_factory.mktemp("codes"))


@pytest.fixture(scope="module")
def cells() -> list[dict[str, str]]:
    lines = csv.reader(RAW.read_text(encoding="utf-8").splitlines())
    header = next(lines)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.mark.shared
def test_every_row_is_a_known_state(whole: tuple[Graph, Intake], cells: list[dict[str, str]]) -> None:
    graph, intake = whole
    assert sum(intake.finished[0].draft.counts.values()) == len(cells) == 249
    codes = {(str(s).rpartition("/")[2], str(code)) for s, code in graph.subject_objects(DG.isoAlpha3)}
    assert codes == {(cell["ISO3166-1-Alpha-3"],) * 2 for cell in cells}
    assert not [problem for problem in intake.problems if problem.record.startswith("line")]


@pytest.mark.shared
def test_every_name_is_kept(whole: tuple[Graph, Intake], cells: list[dict[str, str]]) -> None:
    graph, _ = whole
    reference = rdflib_graph(packaged_sources("states")[0].ntriples)
    columns = [column for column in cells[0] if re.match("UNTERM|official_name|CLDR", column)]
    assert len(columns) == 19
    for cell in cells:
        entity = next(graph.subjects(DG.isoAlpha3, Literal(cell["ISO3166-1-Alpha-3"])))
        kept = [str(name) for prop in (SKOS.altLabel, DG.officialName) for name in graph.objects(entity, prop)]
        kept.append(str(reference.value(entity, SKOS.prefLabel)))
        wanted = {core for column in columns if (core := without_articles(cell[column]))}
        assert wanted <= {without_articles(name) for name in kept}
        assert not [
            name for name in kept if re.match("(the|el|l[aeo]s?) |l'|.*(\\*|\\((the|el|l[aeo]s?|l')\\))$", name)
        ]


def without_articles(name: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", name)
    for place in (0, -1):
        if words and words[place] in {"the", "le", "la", "les", "l", "el", "los", "las"}:
            words.pop(place)
    return tuple(words)


@pytest.mark.shared
def test_the_reference_graph_agrees_on_codes(whole: tuple[Graph, Intake]) -> None:
    reference = rdflib_graph(packaged_sources("states")[0].ntriples)
    for prop in (DG.isoAlpha2, DG.isoAlpha3, DG.isoNumeric, DG.m49):
        assert set(whole[0].subject_objects(prop)) <= set(reference.subject_objects(prop))


@pytest.mark.shared
def test_every_item_and_place_is_kept(whole: tuple[Graph, Intake], cells: list[dict[str, str]]) -> None:
    graph, _ = whole
    items = {str(item).rpartition("/")[2] for item in graph.objects(None, SKOS.exactMatch)}
    assert items == {cell["wikidata_id"].rpartition("/")[2] for cell in cells if cell["wikidata_id"].strip()}
    ids = {str(each) for each in graph.objects(None, DG.localId)}
    assert {each for each in ids if each.startswith("geonames:")} == {f"geonames:{c['Geoname ID']}" for c in cells}
    assert {each for each in ids if each.startswith("ioc:")} == {f"ioc:{c['IOC']}" for c in cells if c["IOC"].strip()}


@pytest.mark.shared
def test_the_whole_fits_the_shapes(whole: tuple[Graph, Intake]) -> None:
    found = findings(whole[0] + rdflib_graph(packaged_sources("states")[0].ntriples))
    assert not [finding for finding in found if finding.severity == "violation"]
