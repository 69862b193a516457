"""The reference graph of the world's states: sound in itself, true to the standards, and complete for the records."""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from diplograph.ontology.documents import vocabulary
from diplograph.ontology.identifiers import folded
from diplograph.ontology.namespaces import DOCUMENTS, IDENTIFIERS, PREFIXES, TERMS

DG = Namespace(TERMS)
REALIS = Namespace(PREFIXES["realis"])
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TURTLE = files("diplograph.graph").joinpath("reference/states.ttl").read_bytes()
NAME_PROPERTIES = (SKOS.prefLabel, SKOS.altLabel, DG.officialName)

NOT_UN_MEMBERS = {"COK", "NIU", "PSE", "TWN", "VAT", "XKX"}
CITY_STATES = {"MCO", "SGP", "VAT"}  # each its own capital

AMBIGUOUS = {
    "congo": {"state/COD", "state/COG"},
    "korea": {"state/KOR", "state/korea-empire"},  # a record's date tells which, as for Yugoslavia
    "nassau": {"place/nassau", "state/nassau"},  # the capital of the Bahamas and the German duchy
    "yugoslavia": {"state/YUG", "state/SCG", "state/yugoslavia-kingdom"},
}

NO_SUCCESSOR = {"danzig", "holy-roman-empire", "poland-lithuania"}  # annexed, dissolved into its members, partitioned

# A part of a state, a region, an article on two states, a slip of the pen, and an id without its "of".
NOT_STATES_IN_THE_RECORDS = {"Bosnian Federation", "West Bank", "west-bank", "Kingdom of Serbia/Yugoslavia*"}
NOT_STATES_IN_THE_RECORDS |= {"Somoa", "somoa", "grand-duchy-tuscany"}

# German Länder that signed for themselves, Abu Dhabi and the Sahrawi republic under initials that are not theirs alone,
# codes of no list, and organisations.
NOT_STATES_IN_THE_TREATIES = {
    *("Baden-Württemberg", "Bayern", "VAE", "SAR", "BZL", "QAR", "UNK", "", "Member countries not listed"),
    *("EC", "EFTA", "EUE", "EUU", "IO-EAEC", "IO-EBRD", "IO-IAEA", "IO-IBRD", "IO-NEFCO"),
    *("EURATOM European Atomic Energy Community", "IO-European Atomic Energy Community"),
    *("FAO Food and Agriculture Organization of the UN", "IO-Un Food and Agriculture Organization"),
    *("IAEA International Atomic Energy Agency", "ECE UN Economic Commission for Europe"),
    *("WHO World Health Organization", "IO-World Health Organization"),
    *("WMO World Metereological Organization", "IO-World Meteorological Organization"),
}

NAMES_IN_USE = """
    USA = state/USA, Great Britain = state/GBR, Turkey = state/TUR, Turkiye = state/TUR, Czech Republic = state/CZE,
    Swaziland = state/SWZ, Burma = state/MMR, Ivory Coast = state/CIV, DPRK = state/PRK, The Vatican = state/VAT,
    Zaire = state/COD, Cape Verde = state/CPV, Macedonia = state/MKD, Palestinian Authority = state/PSE,
    Republic of China = state/TWN, Persia = state/IRN, United Arab Republic = state/EGY, Macau = territory/MAC,
    Zanzibar = state/zanzibar, Kiev = place/kyiv
"""


@cache
def reference() -> Graph:
    """Return the reference graph, read by rdflib; not to be changed."""
    return Graph().parse(data=TURTLE, format="turtle")


def local(iri: Node) -> str:
    return str(iri).rsplit("/", 1)[-1]


def described(kind: str) -> set[Node]:
    return set(reference().subjects(RDF.type, DG[kind]))


def living() -> set[Node]:
    """Return the states that have not ended: those with neither a dissolution nor a successor."""
    ended = set(reference().subjects(DG.dissolution)) | set(reference().subjects(DG.succeededBy))
    return described("State") - ended


def spoken(name: str) -> str:
    """Return a name as it is compared: folded and without its article."""
    return folded(name).removeprefix("the ")


@cache
def bearers() -> dict[str, set[str]]:
    """Return every name with the entities (`kind/local name`) that bear it."""
    found = defaultdict(set)
    for prop in NAME_PROPERTIES:
        for subject, name in reference().subject_objects(prop):
            found[spoken(str(name))].add(str(subject).removeprefix(IDENTIFIERS))
    return found


@cache
def known() -> set[str]:
    """Return the names and local names of all states and territories."""
    names = {name for name, who in bearers().items() if any(not entity.startswith("place/") for entity in who)}
    return names | {spoken(local(iri)) for iri in described("State") | described("Territory")}


def test_rdflib_and_pyoxigraph_read_the_same_graph() -> None:
    triples = list(pyoxigraph.parse(TURTLE, format=pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == len(set(triples)) == len(reference())


def test_every_literal_is_well_typed() -> None:
    dates = {DG.inception, DG.dissolution, DG["from"], DG.until, DCTERMS.issued}
    texts = {*NAME_PROPERTIES, DG.adjective, DG.demonym, DG.name, DCTERMS.title}
    lengths = {str(XSD.gYear): 4, str(XSD.gYearMonth): 7, str(XSD.date): 10}
    for _, prop, value in reference():
        if isinstance(value, Literal):
            assert not value.ill_typed
            assert str(value) == str(value).strip() != ""
            assert (value.language == "en") == (prop in texts)
            assert lengths.get(str(value.datatype)) == (len(value) if prop in dates else None)


def test_every_term_is_in_the_vocabulary() -> None:
    declared = set(vocabulary("diplograph", "schemes").subjects(RDF.type))
    used = set(reference().predicates()) | set(reference().objects(None, RDF.type)) | {REALIS.held}
    assert {term for term in used if str(term).startswith((TERMS, str(REALIS)))} <= declared


def test_the_file_says_what_it_is() -> None:
    document = URIRef(f"{DOCUMENTS}states")
    assert (document, RDF.type, DG.ReferenceWork) in reference()
    assert (document, DCTERMS.issued, Literal("2026-11-23", datatype=XSD.date)) in reference()
    assert "Diplograph" in map(str, reference().objects(document, DCTERMS.publisher / SKOS.prefLabel))
    assert "Version of 2026-11-23. Licence: Apache-2.0." in TURTLE.decode().split("@prefix")[0]


def test_the_file_is_sorted_and_its_prefixes_are_the_project_s() -> None:
    text = TURTLE.decode()
    prefixes = dict(re.findall(r"^@prefix (\w+): <([^>]+)> \.$", text, re.MULTILINE))
    assert prefixes == {name: PREFIXES[name] for name in prefixes}
    assert all(re.search(rf"(?<!\w){name}:\w", text.split("\n\n", 2)[2]) for name in prefixes)
    subjects = [PREFIXES[p] + name for p, name in re.findall(r"^(\w+):(\S+) a ", text, re.MULTILINE)]
    assert subjects == sorted(set(subjects))


def test_everything_named_has_one_preferred_label_and_repeats_no_name() -> None:
    for entity in described("State") | described("Territory") | described("City"):
        assert len(list(reference().objects(entity, SKOS.prefLabel))) == 1
        assert len(list(reference().objects(entity, DG.officialName))) <= 1
        first = reference().objects(entity, SKOS.prefLabel | DG.officialName)
        assert not set(first) & set(reference().objects(entity, SKOS.altLabel))


def test_no_name_has_two_bearers_but_the_few_that_truly_do() -> None:
    assert {name: who for name, who in bearers().items() if len(who) > 1} == AMBIGUOUS


def test_codes_are_well_formed_and_never_shared() -> None:
    forms = {DG.isoAlpha2: "[A-Z]{2}", DG.isoAlpha3: "[A-Z]{3}", DG.isoNumeric: "[0-9]{3}", DG.iso31663: "[A-Z]{4}"}
    for prop, form in (*forms.items(), (DG.m49, forms[DG.isoNumeric])):
        codes = [str(code) for code in reference().objects(None, prop)]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(form, code) for code in codes)


def test_a_local_name_is_the_alpha_3_code_and_no_code_is_the_name_of_another() -> None:
    assert all(local(entity) == str(code) for entity, code in reference().subject_objects(DG.isoAlpha3))
    for entity in described("State") | described("Territory"):
        own = {str(entity).removeprefix(IDENTIFIERS)}
        for code in map(spoken, (local(entity), *map(str, reference().objects(entity, DG.isoAlpha2)))):
            assert bearers().get(code, own) <= AMBIGUOUS.get(code, own)


def test_living_states_are_the_members_of_the_united_nations_and_six_more() -> None:
    states = {local(state) for state in living()}
    assert states >= NOT_UN_MEMBERS
    assert len(states - NOT_UN_MEMBERS) == 193


@pytest.mark.parametrize("prop", [DG.officialName, DG.adjective, DG.demonym, DG.capital])
def test_every_living_state_is_fully_described(prop: URIRef) -> None:
    lacking = {local(state) for state in living() if (state, prop, None) not in reference()}
    assert lacking == {DG.capital: CITY_STATES, DG.demonym: {"VAT"}}.get(prop, set())


def test_states_that_ended_have_a_successor_and_share_no_adjective_with_the_living() -> None:
    ended = described("State") - living()
    assert {local(state) for state in ended if (state, DG.succeededBy, None) not in reference()} == NO_SUCCESSOR
    words = [(state, str(word)) for state, word in reference().subject_objects(DG.adjective | DG.demonym)]
    assert not {word for state, word in words if state in ended} & {word for state, word in words if state in living()}


@pytest.mark.parametrize(("first", "last"), [(DG.inception, DG.dissolution), (DG["from"], DG.until)])
def test_nothing_ends_before_it_begins(first: URIRef, last: URIRef) -> None:
    for subject, end in reference().subject_objects(last):
        for start in reference().objects(subject, first):
            exactness = min(len(str(start)), len(str(end)))
            begun, ended = str(start)[:exactness], str(end)[:exactness]
            assert begun < ended or (begun == ended and last == DG.until)


def test_whatever_is_pointed_at_is_described() -> None:
    for prop in (DG.bearer, DG.succeededBy):
        assert set(reference().objects(None, prop)) <= described("State") | described("Territory")
    for prop in (DG.dependencyOf, DG.locatedIn):
        assert set(reference().objects(None, prop)) <= living()
    cities = set(reference().objects(None, DG.capital)), set(reference().subjects(DG.locatedIn))
    assert cities == (described("City"), described("City"))


def test_a_former_name_can_be_looked_up_and_says_until_when() -> None:
    for naming in described("Naming"):
        bearer, name = reference().value(naming, DG.bearer), reference().value(naming, DG.name)
        assert any((bearer, prop, name) in reference() for prop in NAME_PROPERTIES)
        assert (naming, DG.until, None) in reference()
        assert reference().value(naming, DG.realis) == REALIS.held


@pytest.mark.parametrize("pair", NAMES_IN_USE.split(","))
def test_names_in_use_lead_to_their_bearer(pair: str) -> None:
    name, entity = pair.split("=")
    assert bearers()[spoken(name)] == {entity.strip()}


def outside(path: str) -> Path:
    """Return a file of the records kept beside the project; skips the test where they are not there."""
    if not (SHARED / path).is_file():
        pytest.skip(f"the records kept beside the project are missing: {path}")
    return SHARED / path


def members(path: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in a tar archive whose names match a pattern."""
    with tarfile.open(outside(path)) as archive:
        for member in archive:
            content = archive.extractfile(member) if re.search(pattern, member.name) else None
            if content is not None:
                yield member.name, content.read()


def country_codes() -> list[dict[str, str]]:
    return list(csv.DictReader(outside("country-codes/country-codes.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.shared
def test_codes_agree_with_the_standards() -> None:
    codes, coded = (DG.isoAlpha3, DG.isoAlpha2, DG.isoNumeric, DG.m49), reference().subjects(DG.isoAlpha3)
    ours = {tuple(str(reference().value(entity, code)) for code in codes) for entity in coded}
    columns = ("ISO3166-1-Alpha-3", "ISO3166-1-Alpha-2", "ISO3166-1-numeric", "M49")
    theirs = {tuple(row[c].zfill(3) if row[c].isdigit() else row[c] for c in columns) for row in country_codes()}
    assert (len(theirs), ours) == (249, theirs)


@pytest.mark.shared
@pytest.mark.parametrize("column", ["CLDR display name", "official_name_en", "UNTERM English Short"])
def test_the_names_of_other_lists_are_known(column: str) -> None:
    for row in country_codes():
        name, code = re.sub(r"\s*\(.*?\)|\*", "", row[column]), row["ISO3166-1-Alpha-3"]
        assert not name or any(entity.endswith(f"/{code}") for entity in bearers()[spoken(name)]), name


def names_in_the_records() -> Iterator[str]:
    """Yield every country name and id in the records of the Office of the Historian."""
    for _, content in members("historyatstate/pocom.tar.gz", r"missions-countries/.*\.xml$"):
        for element in ElementTree.fromstring(content).iter():
            if element.tag.endswith("territory-id") and element.text:
                # An id of a state that ended may close with the year of its end.
                yield re.sub(r"-\d{4}$", "", element.text.strip())
    for name, content in members("historyatstate/rdcr.tar.gz", r"articles/.*\.xml$"):
        yield Path(name).stem
        for title in ElementTree.fromstring(content).iter("{http://www.tei-c.org/ns/1.0}title"):
            if title.get("type") == "short":
                yield "".join(title.itertext())
    for archive, tag in (("visits", "from"), ("travels", "country")):
        for _, content in members(f"historyatstate/{archive}.tar.gz", r"(data|-travels)/[^/]*\.xml$"):
            for element in ElementTree.fromstring(content).iter(tag):
                yield element.get("id") or ""
                yield "".join(element.itertext())


@pytest.mark.shared
def test_every_country_of_the_records_is_known() -> None:
    found = {" ".join(name.split()) for name in names_in_the_records()}
    # What stands in brackets is the record's own remark.
    unknown = {name for name in found if spoken(re.sub(r"\(.*?\)", "", name)) not in known()}
    assert unknown == NOT_STATES_IN_THE_RECORDS


@pytest.mark.shared
def test_every_party_of_the_treaties_is_known() -> None:
    found = set()
    for _, content in members("manytreaties/manytreaties.tar.gz", r"parties_\w+\.csv$"):
        for row in csv.DictReader(io.StringIO(content.decode())):
            found |= {row["stateID"], re.sub(r" \(.*?\)", "", row.get("StateName") or row["stateID"])}
    assert {code for code in found if spoken(code) not in known()} == NOT_STATES_IN_THE_TREATIES
