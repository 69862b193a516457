"""SERVICE opened to hosts on a list: what is asked there goes to the relay, and nothing goes anywhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.errors import InputError, QueryError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.federation import CLOSED, Endpoints, iri_in
from diplograph.graph.guarding import checked_query
from diplograph.graph.memory import MemoryStore
from diplograph.graph.origins import origin
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.scope import Scope
from diplograph.graph.service_clauses import relayed

RELAY = "http://127.0.0.1:9/secret"
OPEN = Endpoints((origin("ok.example"), origin("ok.example:8443"), origin("http://plain.example")), RELAY)
pytestmark = pytest.mark.usefixtures("collecting_here")


def asked(sparql: str, endpoints: Endpoints = OPEN) -> list[str]:
    """The endpoints that a query asks, as the relay is told."""
    checked = checked_query(sparql, lambda: (), {"wd": "https://ok.example/"}, endpoints)
    text, relays = relayed(checked, {"wd": "https://ok.example/"}, endpoints)
    assert "secret" not in text
    return [iri_in(address.removeprefix(f"{RELAY}/")) for address in relays.values()]


class TestList:
    """A host on the list is a scheme, a name and a port."""

    @pytest.mark.parametrize(
        ("entry", "said"),
        [
            ("example.org", "example.org"),
            ("Example.ORG", "example.org"),
            ("example.org:443", "example.org"),
            ("https://example.org/", "example.org"),
            ("example.org:8443", "example.org:8443"),
            ("http://example.org", "http://example.org"),
            ("http://example.org:80", "http://example.org"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ],
    )
    def test_an_entry_names_an_origin(self, entry: str, said: str) -> None:
        assert str(origin(entry)) == said
        assert origin(said) == origin(entry)

    @pytest.mark.parametrize(
        "entry",
        ["", "*", "*.example.org", "example.org.", ".example.org", "example.org/sparql", "ftp://example.org",
         "user@example.org", "example.org:", "example.org:0", "example.org:65536", "bücher.example", "a b",
         "-a.example", "[::1]", "http://", "example.org\n", "a" * 64, ".".join(["a" * 60] * 5)],
    )  # fmt: skip
    def test_anything_else_is_an_error_that_says_what_would_be_right(self, entry: str) -> None:
        with pytest.raises(InputError, match=r"names no host.*example\.org:8443"):
            origin(entry)


class TestAllowed:
    """An endpoint that is on the list is asked through the relay."""

    @pytest.mark.parametrize(
        ("sparql", "iri"),
        [
            ("SELECT * { SERVICE <https://ok.example/sparql> { ?s ?p ?o } }", "https://ok.example/sparql"),
            ("SELECT*{service<https://ok.example/sparql>{?s ?p ?o}}", "https://ok.example/sparql"),
            ("ASK { SERVICE SILENT <https://OK.example> { ?s ?p ?o } }", "https://OK.example"),
            ("ASK { SERVICE #\n <https://ok.example:443/> { } }", "https://ok.example:443/"),
            ("ASK { SERVICE <https://ok.example:8443/a?b=c> { } }", "https://ok.example:8443/a?b=c"),
            ("ASK { SERVICE <http://plain.example/> { } }", "http://plain.example/"),
            ("ASK { SERVICE wd:sparql { } }", "https://ok.example/sparql"),
            (r"ASK { SERVICE wd:a\-b { } }", "https://ok.example/a-b"),
            ("PREFIX e: <https://ok.example/sparql> ASK { SERVICE e: { } }", "https://ok.example/sparql"),
            ("BASE <https://ok.example/a/> ASK { SERVICE <../b> { } }", "https://ok.example/b"),
            ("BASE <https://ok.example/> PREFIX e: <x/> ASK { SERVICE e:y { } }", "https://ok.example/x/y"),
            (r"ASK { \u0053ERVICE <https://ok.example/> { } }", "https://ok.example/"),
            ("ASK { ?s ?p ?o FILTER(?o<?s&&?s>?o) SERVICE <https://ok.example/> { } }", "https://ok.example/"),
        ],
    )
    def test_it_is_asked(self, sparql: str, iri: str) -> None:
        assert asked(sparql) == [iri]

    def test_several_are_asked(self) -> None:
        sparql = "ASK { SERVICE wd:a { } SERVICE wd:b { } { SERVICE wd:a { } } }"
        assert asked(sparql) == ["https://ok.example/a", "https://ok.example/b"]

    def test_no_prefix_of_the_query_gets_in_the_way(self) -> None:
        prefixes = "".join(f"PREFIX {letter}: <https://evil.example/> " for letter in "abcdefgh")
        assert asked(prefixes + "ASK { SERVICE wd:a { } }") == ["https://ok.example/a"]

    def test_errors_tell_their_places_in_the_query_as_it_was_asked(self) -> None:
        sparql = "ASK {\n SERVICE <https://ok.example/> { ?s ?p } }"
        with pytest.raises(QuerySyntaxError, match=r"line 2, column 42, before '}'") as caught:
            OxigraphStore().view().query(sparql, {}, Scope(endpoints=OPEN))
        assert (caught.value.line, caught.value.column) == (2, 42)


REFUSED = [
    "<https://evil.example/>",
    "<https://ok.example.evil.example/>",
    "<https://evil.example/ok.example>",
    "<https://evil.example#@ok.example/>",
    "<https://evil.example?@ok.example/>",
    "<https://ok.example@evil.example/>",
    "<https://ok.example:443@evil.example/>",
    "<https://user:password@ok.example/>",
    "<https://@ok.example/>",
    "<https://ok.example%2F@evil.example/>",
    "<https://ok.example%00.evil.example/>",
    "<https://sub.ok.example/>",
    "<https://ok.example./>",
    "<https://ok.example:8444/>",
    "<https://ok.example:/>",
    "<https://ok.example:0443x/>",
    "<https://ok.example:99999/>",
    "<https://ok.example/#part>",
    "<https://ok.example;evil.example/>",
    "<https:ok.example/>",
    "<https:///ok.example/>",
    "<//ok.example/>",
    "<http://ok.example/>",
    "<http://ok.example:443/>",
    "<https://plain.example/>",
    "<http://plain.example:8080/>",
    "<ftp://ok.example/>",
    "<file:///ok.example>",
    "<https://оk.example/>",
    "<https://ok。example/>",
    "<https://ﬁ.example/>",
    "<https://ok.example/ü>",
    "<https://[::1]/>",
    "<https://2130706433/>",
    "<urn:ok.example>",
    "<>",
    "evil:",
    "evil:x",
    "?endpoint",
    "$ok",
    '"https://ok.example/"',
    "_:ok",
    "{",
    "",
]
"""What stands for an endpoint, and is none that is on the list."""


class TestRefused:
    """Any other is refused, in whatever way it is written."""

    @pytest.mark.parametrize("target", REFUSED)
    @pytest.mark.parametrize("keyword", ["SERVICE", "SERVICE SILENT"])
    def test_it_is_refused_and_the_hosts_are_told(self, keyword: str, target: str) -> None:
        prologue = "PREFIX evil: <https://evil.example/> "
        with pytest.raises(QueryRefusedError, match=r"Allowed .* at: ok\.example, ok\.example:8443, http:"):
            asked(f"{prologue} SELECT * {{ {keyword} {target} {{ ?s ?p ?o }} }}")

    @pytest.mark.parametrize("target", ["<a>", "<//evil.example/>", "<https://evil.example/>", "<\\\\evil.example>"])
    def test_a_base_on_the_list_allows_what_is_there_alone(self, target: str) -> None:
        sparql = f"BASE <https://ok.example/> ASK {{ SERVICE {target} {{ }} }}"
        if target == "<a>":
            assert asked(sparql) == ["https://ok.example/a"]
        else:
            with pytest.raises(QueryError):
                asked(sparql)

    def test_a_second_meaning_of_a_prefix_counts(self) -> None:
        with pytest.raises(QueryRefusedError):
            asked("PREFIX wd: <https://evil.example/> ASK { SERVICE wd:a { } }")

    @pytest.mark.parametrize(
        "sparql",
        [
            "SELECT * { SERVICESILENT <https://ok.example/> { } }",
            "SELECT * { ?s ?p 1e5SERVICE <https://ok.example/> { } }",
            "SELECT * { ſERVICE <https://ok.example/> { } }",
            "PREFIX : <https://ok.example/> PREFIX SERVICE: <a:> SELECT * { SERVICE: { } }",
            "SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE<https://evil.example/>{?a ?b ?c}FILTER(?s>1)}",
            "SELECT * { SERVICE <https://ok.example/> { } ?s ?p <a'>SERVICE<https://evil.example/>{?a ?b ?c}#'\n}",
            "SELECT * { SERVICE <https://ok.example/> { } {} #\rSERVICE <https://evil.example/> { ?a ?b ?c }\n}",
        ],
    )
    def test_what_can_be_read_otherwise_is_refused(self, sparql: str) -> None:
        with pytest.raises(QueryRefusedError):
            asked(sparql)

    def test_one_within_another_is_refused(self) -> None:
        with pytest.raises(QueryRefusedError, match="within another"):
            asked("ASK { SERVICE wd:a { ?s ?p ?o OPTIONAL { SERVICE wd:b { } } } }")

    def test_where_no_host_is_allowed_the_switch_is_named(self) -> None:
        with pytest.raises(QueryRefusedError, match=r"nothing leaves this machine unasked.*--allow-service"):
            asked("ASK { SERVICE wd:a { } }", CLOSED)

    def test_an_engine_that_is_not_kept_to_the_relay_asks_nobody(self) -> None:
        with pytest.raises(QueryRefusedError, match="nothing leaves this machine"):
            MemoryStore().view().query("ASK { SERVICE <https://ok.example/> { } }", {}, Scope(endpoints=OPEN))


NOISE = st.sampled_from(
    ["", " ", "#\n", "#\r", "?s ?p ?o .", "FILTER(1<2)", "FILTER(?a<?b&&?b>?a)", "'", '"', "''", "'''", "<a:b>",
     "<a'b>", "<", ">", "{} ", "\\u0027", "\\u000A", "SERVICE <T>{}", "SERVICE <T>{}#'\n", "SERVICE e: {}", "e:", "ok:"]
)  # fmt: skip
TARGET = st.sampled_from(
    ["<T>", "e:", "e:x", "<>", "<x>", "ok:", "ok:x", "<https://ok.example/>", "?u", "SILENT <T>", "SILENT ok:",
     "SILENTe:", "<https://ok.example@T>", "#<https://ok.example/>\n<T>"]
)  # fmt: skip
PROLOGUE = st.sampled_from(
    ["PREFIX e: <T> ", "PREFIX ok: <https://ok.example/> ", "PREFIX ok: <T>", "BASE <T> ", "BASE <https://ok.example/>",
     "PREFIX a: <T> PREFIX SILENTe: <https://ok.example/>", "prefixe:<T>", "PREFIX ok: <x>"]
)  # fmt: skip
KEYWORD = st.sampled_from(
    ["SERVICE ", "SERVICE", "service\n", "SERVICE SILENT ", "\\u0053ERVICE ", "ſERVICE ", "1SERVICE "]
)


@given(data=st.data())
def test_no_text_makes_an_engine_ask_anybody_but_the_relay(counting: tuple[str, list[str]], data: Any) -> None:
    address, paths = counting
    prologue = "".join(data.draw(st.lists(PROLOGUE, max_size=3)))
    parts = data.draw(st.lists(st.tuples(NOISE, KEYWORD, TARGET, NOISE), min_size=1, max_size=3))
    body = " ".join(f"{a} {keyword}{target} {{ ?a ?b ?c }} {b}" for a, keyword, target, b in parts)
    sparql = f"{prologue} SELECT * {{ {body} }}".replace("T>", f"{address}/elsewhere>")
    paths.clear()
    endpoints = Endpoints((origin("ok.example"),), f"{address}/relay")
    try:
        answer = OxigraphStore().view().query(sparql, {"ok": "https://ok.example/"}, Scope(endpoints=endpoints))
        list(answer.rows)  # type: ignore[union-attr]
    except QueryError:
        pass
    assert all(path.startswith("/relay/") for path in paths)


def test_what_the_relay_answers_is_a_part_of_the_answer(counting: tuple[str, list[str]]) -> None:
    address, paths = counting
    paths.clear()
    endpoints = Endpoints((origin("ok.example"),), f"{address}/relay")
    sparql = "PREFIX e: <https://ok.example/x> SELECT ?a { SERVICE e: { ?s ?p ?a } }"
    view = OxigraphStore().view()
    assert b"from elsewhere" in view.serialized(sparql, "csv", {}, Scope(endpoints=endpoints))
    assert [iri_in(path.removeprefix("/relay/")) for path in paths] == ["https://ok.example/x"]
