"""Names and codes of the world's states and territories, from the table country-codes.csv, one row for each.

Names are said in English, French, Spanish, Russian, Chinese and Arabic: short ones as skos:altLabel, formal ones as
dg:officialName, without article and without footnote marks. Codes of ISO and the UN have properties of their own;
others are dg:localId, led by the list they are from: `ioc:AFG`. A code that several rows share tells nobody apart: it
is listed and left out, and dialling codes, mostly shared, are not read. Nor are currencies, languages, regions, and
capitals, which the reference graph has.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ...errors import InputError
from ...ontology.terms import DG
from .drafts import Draft, Pair, iri, text
from .intake import Intake
from .states import StateNames, reference

Row: TypeAlias = Mapping[str, str]

_KEY: Final = "ISO3166-1-Alpha-3"
_WIKIDATA: Final = "wikidata_id"
_LANGUAGES: Final = {"English": "en", "French": "fr", "Spanish": "es", "Russian": "ru", "Chinese": "zh", "Arabic": "ar"}
_SHORT: Final = {
    **{f"official_name_{'cn' if tag == 'zh' else tag}": tag for tag in _LANGUAGES.values()},
    **{f"UNTERM {language} Short": tag for language, tag in _LANGUAGES.items()},
    "CLDR display name": "en",
}
_FORMAL: Final = {f"UNTERM {language} Formal": tag for language, tag in _LANGUAGES.items()}
_ISO: Final[dict[str, tuple[URIRef, Callable[[str], str]]]] = {
    "ISO3166-1-Alpha-2": (DG.isoAlpha2, str),
    _KEY: (DG.isoAlpha3, str),
    "ISO3166-1-numeric": (DG.isoNumeric, lambda code: code.zfill(3)),
    "M49": (DG.m49, lambda code: code.zfill(3)),
}
_LISTS: Final = {
    **{name: name.lower() for name in ("FIFA", "IOC", "ITU", "FIPS", "GAUL", "MARC", "WMO", "DS", "EDGAR", "TLD")},
    "Geoname ID": "geonames",
}
"""Columns of codes, and what leads each code."""

_COLUMNS: Final = (*_ISO, *_LISTS, *_SHORT, *_FORMAL, _WIKIDATA)
_ARTICLES: Final = {"en": "the", "fr": "les?|la|l['’]", "es": "el|las?|los"}
_ITEM: Final = re.compile(r"Q[1-9][0-9]*\Z")
_REPOSITORY: Final = "https://github.com/datasets/country-codes"
_LICENSE: Final = "http://opendatacommons.org/licenses/pddl/1.0/"


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Read one country-codes.csv, or the directory that has it; raises InputError where it is another file."""
    if len(paths) != 1:
        raise InputError(f"country-codes is one file, and {len(paths)} were given. Give country-codes.csv alone.")
    path = paths[0] / "country-codes.csv" if paths[0].is_dir() else paths[0]
    rows = list(_rows(path, intake))
    draft = intake.draft("country-codes")
    draft.title("Country codes", DG.Dataset, [(DCTERMS.license, iri(_LICENSE)), (DCTERMS.source, iri(_REPOSITORY))])
    names, shared = StateNames(), _shared([row for _, row in rows])
    entities = {str(entity).rpartition("/")[2]: entity for entity in names.labels}
    for done, (record, row) in enumerate(rows, start=1):
        entity = entities.get(row[_KEY])
        if entity is None:
            intake.problem(path.name, record, f"{row[_KEY]!r} is no ISO 3166-1 alpha-3 code of a known state.")
        else:
            codes = [*_iso(row), *_local(row, shared), *_wikidata(row, path.name, record, intake)]
            _say(draft, entity, [*codes, *_names(row, names.label(entity))])
        intake.progress(done, len(rows))
    for (column, code), holders in sorted(shared.items()):
        message = f"The code of {', '.join(holders)} alike was left out, as it tells none of them apart."
        intake.problem(path.name, f"{column} {code!r}", message)
    intake.finish(draft)


def _rows(path: Path, intake: Intake) -> Iterator[tuple[str, Row]]:
    """Yield each row, its cells without the blanks around them, and which line it is."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file)
            header = next(table, [])
            missing = [column for column in _COLUMNS if column not in header]
            if missing:
                named = ", ".join(map(repr, missing))
                raise InputError(f"{path}: it is no country-codes.csv, as these columns are missing: {named}.")
            for cells in table:
                record = f"line {table.line_num}"
                if len(cells) == len(header):
                    yield record, dict(zip(header, map(str.strip, cells), strict=True))
                elif cells:
                    intake.problem(path.name, record, f"The row has {len(cells)} cells, and the header {len(header)}.")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: it cannot be read as a CSV file in UTF-8: {error}") from error


def _shared(rows: Sequence[Row]) -> dict[tuple[str, str], list[str]]:
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for column in _LISTS:
            for code in _values(row[column]):
                holders[column, code].append(row[_KEY])
    return {code: each for code, each in holders.items() if len(each) > 1}


def _iso(row: Row) -> list[Pair]:
    return [(prop, text(spelled(row[column]))) for column, (prop, spelled) in _ISO.items() if row[column]]


def _local(row: Row, shared: Mapping[tuple[str, str], list[str]]) -> list[Pair]:
    own = [
        (led, code) for column, led in _LISTS.items() for code in _values(row[column]) if (column, code) not in shared
    ]
    return [(DG.localId, text(f"{led}:{code}")) for led, code in own]


def _wikidata(row: Row, file: str, record: str, intake: Intake) -> list[Pair]:
    if not row[_WIKIDATA]:
        return []
    item = row[_WIKIDATA].rpartition("/")[2]
    if not _ITEM.match(item):
        intake.problem(file, record, f"{row[_WIKIDATA]!r} is no Wikidata item such as Q889, and was left out.")
        return []
    return [(SKOS.exactMatch, iri(f"http://www.wikidata.org/entity/{item}"))]


def _names(row: Row, label: str) -> list[Pair]:
    """Return the names, but for the label that the reference graph has already."""
    short = [(SKOS.altLabel, _bare(row[column], tag), tag) for column, tag in _SHORT.items()]
    formal = [(DG.officialName, _bare(row[column], tag), tag) for column, tag in _FORMAL.items()]
    said = [each for each in short if (each[1], each[2]) != (label, "en")] + formal
    return [(prop, text(name, tag)) for prop, name, tag in said if name]


def _bare(name: str, tag: str) -> str:
    """Return a name without footnote marks, without `(the)` behind and without the article before."""
    name = " ".join(name.rstrip("* \xa0").split())
    article = _ARTICLES.get(tag)
    if article is None:
        return name
    return re.sub(rf"^(?:{article})(?:(?<=['’])| )|\s*\((?:{article})\)$", "", name)


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split(",") if value.strip()]


def _say(draft: Draft, entity: URIRef, pairs: Sequence[Pair]) -> None:
    kind = "State" if (entity, RDF.type, DG.State) in reference() else "Territory"
    draft.counts[kind] += 1
    draft.say(iri(entity), dict.fromkeys(pairs))
