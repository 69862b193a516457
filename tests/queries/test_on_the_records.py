"""What the library answers on the records themselves, against the raw files as this module reads them."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diplograph import Store, ask

pytestmark = pytest.mark.shared

Row = dict[str, str]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
OPEN = ("9999", "2899", "2999")


def answer(store: Store, name: str, columns: str, **values: str) -> list[tuple[str, ...]]:
    table = ask(store, name, values)
    return [tuple(str(row.get(column, "")).rpartition("/")[2] for column in columns.split()) for row in table.terms()]


def written(element: ElementTree.Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def visits(raw: Path, country: str) -> list[tuple[str, str]]:
    """First day of, and visitor on, the visits from a country by its identifier."""
    return sorted(
        (written(visit, "start-date"), written(visit, "visitor"))
        for file in (raw / "historyatstate").glob("visits/data/*.xml")
        for visit in ElementTree.parse(file).getroot()
        if any(origin.get("id") == country for origin in visit.findall("from"))
    )


def trips(raw: Path, country: str) -> list[tuple[str, str, str]]:
    """First and last day of, and who went on, the trips to a country by its identifier."""
    return sorted(
        (written(trip, "start-date"), written(trip, "end-date"), str(trip.get("who")))
        for file in (raw / "historyatstate").glob("travels/*-travels/*.xml")
        for trip in ElementTree.parse(file).getroot()
        if any(to.get("id") == country for to in trip.findall("country"))
    )


def chiefs(raw: Path, file: str) -> list[dict[str, str]]:
    """The records of a mission, or of a post, with the person and the dates of beginning, end and appointment."""
    root = ElementTree.parse(raw / "historyatstate" / "pocom" / file).getroot()
    names = {"person": "person-id", "from": "started/date", "until": "ended/date", "appointed": "appointed/date"}
    return [
        {name: written(record, path) for name, path in names.items()}
        for tag in ("chief", "principal")
        for record in root.iter(tag)
    ]


def table(raw: Path, name: str) -> Iterator[Row]:
    with (raw / "manytreaties/manytreaties" / name).open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def test_trips_to_a_state_are_its_visits(records_store: Store, raw_records: Path) -> None:
    expected = sorted((start, end) for start, end, _ in trips(raw_records, "azerbaijan"))
    assert len(expected) == 3
    assert sorted(answer(records_store, "visits-to", "start end", state="Azerbaijan")) == expected
    inside = [(start, end) for start, end, _ in trips(raw_records, "georgia") if start <= "2009" and end >= "1992"]
    found = answer(records_store, "visits-to", "start end", **{"state": "Georgia", "from": "1992", "to": "2008"})
    assert sorted(found) == sorted(inside)


@pytest.mark.parametrize(
    ("identifier", "state"), [("azerbaijan", "Azerbaijan"), ("israel", "Israel"), ("iceland", "Iceland")]
)
def test_visits_from_a_state_are_counted_by_decade(
    records_store: Store, raw_records: Path, identifier: str, state: str
) -> None:
    expected = Counter(f"{start[:3]}0s" for start, _ in visits(raw_records, identifier))
    found = answer(records_store, "visits-from", "decade visits", state=state)
    assert found == sorted((decade, str(number)) for decade, number in expected.items())
    visitors = answer(records_store, "visitors-from", "visits first last", state=state)
    assert sum(int(number) for number, *_ in visitors) >= len(visits(raw_records, identifier))
    assert min(first for _, first, _ in visitors) == min(start for start, _ in visits(raw_records, identifier))


def test_visits_between_are_the_visits_and_the_trips(records_store: Store, raw_records: Path) -> None:
    both = [start for start, _ in visits(raw_records, "azerbaijan")] + [s for s, *_ in trips(raw_records, "azerbaijan")]
    found = answer(records_store, "visits-between", "start visit", a="Azerbaijan", b="United States")
    assert sorted(start for start, _ in dict.fromkeys(found)) == sorted(both)


def test_the_visits_of_a_secretary_are_all_legs_of_the_trips(records_store: Store, raw_records: Path) -> None:
    file = raw_records / "historyatstate/travels/secretary-travels/albright-madeleine-korbel.xml"
    expected = sorted(int(written(trip, "id")) for trip in ElementTree.parse(file).getroot())
    found = answer(records_store, "visits-by", "visit", person="person/albright-madeleine-korbel")
    assert sorted({int(visit.rpartition("-")[2]) for (visit,) in found}) == expected


def test_visits_after_a_trip(records_store: Store, raw_records: Path) -> None:
    expected = {
        (end, start, str((date.fromisoformat(start) - date.fromisoformat(end)).days))
        for _, end, _ in trips(raw_records, "israel")
        for start, _ in visits(raw_records, "israel")
        if DAY.match(end) and DAY.match(start) and end <= start
        and date.fromisoformat(start) - date.fromisoformat(end) <= timedelta(days=30)
    }  # fmt: skip
    assert len(expected) > 20
    found = answer(records_store, "visits-after-trip", "tripEnd visitStart days", state="Israel", within="30")
    assert set(found) == expected


@pytest.mark.parametrize(
    ("file", "state"), [("azerbaijan", "Azerbaijan"), ("iceland", "Iceland"), ("georgia", "Georgia")]
)
def test_the_ambassador_on_a_day_and_whether_the_post_was_vacant(
    records_store: Store, raw_records: Path, file: str, state: str
) -> None:
    exact = [
        r
        for r in chiefs(raw_records, f"missions-countries/{file}.xml")
        if DAY.match(r["from"]) and DAY.match(r["until"])
    ]
    assert exact
    for record in exact:
        middle = date.fromordinal(
            (date.fromisoformat(record["from"]).toordinal() + date.fromisoformat(record["until"]).toordinal()) // 2
        )
        found = answer(records_store, "ambassador-to", "person vacant", state=state, on=middle.isoformat())
        assert (record["person"], "no") in found
        held = answer(
            records_store,
            "who-held-post",
            "person answer",
            post=f"Ambassador of the United States to {state}",
            on=middle.isoformat(),
        )
        assert (record["person"], "yes") in held
    early = answer(records_store, "ambassador-to", "vacant", state=state, on="1850-01-01")
    assert early == [("uncertain",)]  # fmt: skip


def test_a_gap_between_two_ambassadors_is_a_vacancy(records_store: Store, raw_records: Path) -> None:
    ends = {r["until"] for r in chiefs(raw_records, "missions-countries/azerbaijan.xml")}
    begins = {r["from"] for r in chiefs(raw_records, "missions-countries/azerbaijan.xml")}
    assert "2014-07-31" in ends
    assert "2015-02-19" in begins
    (row,) = answer(records_store, "ambassador-to", "vacant person reason", state="Azerbaijan", on="2014-12-25")
    assert row == ("yes", "", "between the tenure that ended 2014-07-31 and the one that began 2015-02-19")
    post = "Ambassador of the United States to Azerbaijan"
    assert ("2014-07-31", "2015-02-19", "yes") in answer(
        records_store, "vacancies", "vacantFrom vacantUntil answer", post=post
    )
    assert answer(records_store, "who-held-post", "person", post=post, on="2014-12-25") == []


def test_after_the_last_update_who_is_in_office_is_uncertain(records_store: Store, raw_records: Path) -> None:
    modified = max(
        "".join(element.itertext()).strip()[:10]
        for file in (raw_records / "historyatstate/pocom").rglob("*.xml")
        for element in ElementTree.parse(file).getroot().iter("last-modified-date")
    )
    rows = answer(records_store, "ambassador-to", "vacant reason", state="Azerbaijan", on="2026-01-01")
    assert rows == [("uncertain", f"no end is known, and the record was last updated {modified}")]


def test_the_longest_vacancies_are_those_that_no_dated_tenure_touches(records_store: Store, raw_records: Path) -> None:
    found = answer(records_store, "longest-vacancies", "vacantFrom vacantUntil", years="50")
    assert ("1918-12-04", "2006-10-05") in found
    records = chiefs(raw_records, "missions-countries/albania.xml")
    ends = sorted(r["until"] for r in records if r["until"] and r["until"] < "1950")
    begins = sorted(r["from"] for r in records if r["from"] > "1950")
    assert (ends[-1], begins[0]) in found


def test_who_held_both_posts(records_store: Store, raw_records: Path) -> None:
    served = [
        {r["person"] for r in chiefs(raw_records, f"missions-countries/{file}.xml") if r["from"]}
        for file in ("france", "united-kingdom")
    ]
    a, b = ("Ambassador of the United States to France", "Ambassador of the United States to the United Kingdom")
    found = {person for (person,) in answer(records_store, "held-both", "person", a=a, b=b)}
    assert served[0] & served[1] <= found
    assert "bruce-david-kirkpatrick-este" in found


def test_who_headed_the_most_missions(records_store: Store, raw_records: Path) -> None:
    missions: dict[str, set[str]] = defaultdict(set)
    for kind in ("countries", "orgs"):
        for file in (raw_records / f"historyatstate/pocom/missions-{kind}").glob("*.xml"):
            for record in chiefs(raw_records, f"missions-{kind}/{file.name}"):
                if record["from"]:
                    missions[record["person"]].add(f"{kind}/{file.stem}")
    found = dict(answer(records_store, "most-missions", "person missions", limit="10"))
    assert len(found) >= 10
    assert all(int(number) >= len(missions[person]) for person, number in found.items())
    fewest = min(map(int, found.values()))
    assert {person for person, headed in missions.items() if len(headed) > fewest} <= set(found)


def test_nominees_have_no_dates_of_service(records_store: Store, raw_records: Path) -> None:
    records = chiefs(raw_records, "missions-countries/united-kingdom.xml")
    post = "Ambassador of the United States to the United Kingdom"
    served = {r["person"] for r in records if r["from"] or r["until"]}
    named = {r["person"] for r in records}
    found = {person for (person,) in answer(records_store, "nominees", "person", post=post)}
    assert found
    assert found <= named - served


def test_relations_were_severed_and_resumed(records_store: Store, raw_records: Path) -> None:
    article = (raw_records / "historyatstate/rdcr/articles/cuba.xml").read_text("utf-8")
    assert re.search(r"severed diplomatic relations with\s+Cuba on January 3, 1961", article)
    found = answer(records_store, "relations-history", "date what", a="Cuba", b="United States")
    assert [(day[:4], what) for day, what in found] == [
        *(("1902", what) for what in ("established", "recognized")),
        ("1961", "ended"),
        ("2015", "resumed"),
    ]


def bound(raw: Path) -> dict[str, set[str]]:
    """The agreements that a state is bound by in either table, as far as a date of force says so."""
    agreements: dict[str, set[str]] = defaultdict(set)
    for name, force in (("parties_GGO.csv", "StateForce"), ("parties_DESTA.csv", "Force")):
        for row in table(raw, name):
            if row[force]:
                agreements[row["stateID"]].add(row["treatyID"].lower())
    return agreements


@pytest.mark.parametrize(
    ("codes", "a", "b"), [(("AZE", "GEO"), "Azerbaijan", "Georgia"), (("AZE", "KAZ"), "Azerbaijan", "Kazakhstan")]
)
def test_agreements_of_two_states_and_how_far_they_overlap(
    records_store: Store, raw_records: Path, codes: tuple[str, str], a: str, b: str
) -> None:
    first, second = (bound(raw_records)[code] for code in codes)
    (row,) = answer(records_store, "treaty-overlap", "agreementsOfA agreementsOfB common jaccard", a=a, b=b)
    of_a, of_b, common = map(int, row[:3])
    assert float(row[3]) == pytest.approx(common / (of_a + of_b - common), abs=0.0001)
    # A state is party too where it ratified and no date of force is written: somewhat more than these.
    assert len(first) <= of_a <= len(first) * 1.2
    assert len(second) <= of_b <= len(second) * 1.2
    assert len(first & second) <= common <= len(first & second) * 1.3
    assert (
        len({agreement for (agreement,) in answer(records_store, "agreements-between", "agreement", a=a, b=b)})
        == common
    )


def test_agreements_that_bind_both_are_in_force_for_each(records_store: Store, raw_records: Path) -> None:
    day = "1999-05-05"
    force: dict[str, set[str]] = defaultdict(set)
    ended = {
        row["treatyID"]
        for row in table(raw_records, "agreements_GGO.csv")
        if row["Term"] and not row["Term"].startswith(OPEN) and row["Term"] < day
    }
    for row in table(raw_records, "parties_GGO.csv"):
        end = row["StateEnd"]
        if DAY.match(row["StateForce"]) and row["StateForce"] <= day and (not end or end.startswith(OPEN) or end > day):
            force[row["stateID"]].add(re.sub("[^a-z0-9]+", "-", row["treatyID"].lower()).strip("-"))
    plain = {name for name in force["AZE"] & force["GEO"] if re.fullmatch(r"[a-z0-9]+-\d{4}[a-z]", name)}
    gone = {re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") for name in ended}
    found = answer(records_store, "agreements-binding-both", "agreement", a="Azerbaijan", b="Georgia", on=day)
    assert len(plain - gone) > 10
    assert plain - gone <= {agreement for (agreement,) in found}


def test_parties_join_year_by_year(records_store: Store, raw_records: Path) -> None:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table(raw_records, "parties_GGO.csv"):
        rows[row["treatyID"]].append(row)
    # Agreements with one row for each state, all bound since 1992 and by a day, and none a state that changed since.
    changed = {"SRB", "MNE", "SCG", "YUG"}
    plain = [
        name
        for name, parties in rows.items()
        if len({row["stateID"] for row in parties} - changed) == len(parties) > 20
        and re.fullmatch(r"[A-Z0-9]+_\d{4}[A-Z]", name)
        and all(
            DAY.match(row["StateForce"]) and "1992" < row["StateForce"] < "2100" and not row["StateEnd"]
            for row in parties
        )
    ]
    assert plain
    for name in plain:
        expected = Counter(row["StateForce"][:4] for row in rows[name])
        identifier = "agreement/" + re.sub("[^a-z0-9]+", "-", name.lower())
        found = answer(records_store, "parties-over-time", "year joined parties", agreement=identifier)
        assert {year: int(joined) for year, joined, _ in found} == expected, name
        assert int(found[-1][2]) == len(rows[name])


def test_anniversaries_of_visits_are_their_days(records_store: Store, raw_records: Path) -> None:
    starts = [
        written(visit, "start-date")
        for file in (raw_records / "historyatstate").glob("visits/data/*.xml")
        for visit in ElementTree.parse(file).getroot()
    ]
    expected = Counter(
        start for start in starts if DAY.match(start) and "07-27" <= start[5:] <= "07-29" and start < "2026"
    )
    found = answer(records_store, "anniversaries", "what date", on="2026-07-27", within="2")
    assert Counter(day for what, day in found if what.startswith("visit-visits-")) == expected


def test_two_tables_disagree_where_their_years_do(records_store: Store, raw_records: Path) -> None:
    years: dict[str, list[list[str]]] = {}
    for place, name in enumerate(("agreements_GGO.csv", "agreements_DESTA.csv")):
        for row in table(raw_records, name):
            years.setdefault(row["treatyID"], [[], []])[place].append(row["Force"][:4])
    differ = {
        re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
        for name, (ggo, desta) in years.items()
        if len(ggo) == len(desta) == 1 and ggo != desta and all("1000" < year < "2100" for year in ggo + desta)
    }
    found = {
        about
        for about, prop in answer(records_store, "disagreements", "about property")
        if prop.endswith("entryIntoForce")
    }
    assert differ
    assert differ <= found
