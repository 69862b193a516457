"""Contexts of JSON-LD that are given by address mean the same as if they stood in the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.errors import HostError, ParseError, QueryRefusedError
from diplograph.graph.formats import syntax_named
from diplograph.graph.origins import Target, origin
from diplograph.graph.oxigraph import canonical, parsed
from diplograph.graph.web import OFFLINE, Reply, Web

THERE = "https://there.example"
P = {"p": "http://p.example/"}


class Library:
    """Contexts by path, and which of them were asked for."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents, self.asked = documents, list[str]()

    def __call__(self, target: Target, accept: str, most_bytes: int) -> Reply:
        self.asked.append(target.path)
        found = self.documents.get(target.path)
        if found is None:
            raise HostError("there.example answered with status 404.")
        if isinstance(found, Reply):
            return found
        body = found if isinstance(found, bytes) else json.dumps({"@context": found}).encode()
        if len(body) > most_bytes:
            raise HostError(f"there.example answered with more than {most_bytes:,} bytes.")
        return Reply("application/ld+json", body)

    @property
    def web(self) -> Web:
        return Web((origin("there.example"),), self)


def graph(text: Any, web: Web = OFFLINE, base: str = f"{THERE}/data/one") -> bytes:
    data = text if isinstance(text, bytes) else json.dumps(text).encode()
    graphs = parsed(data, syntax_named("jsonld"), source="a file", base=base, web=web)
    return canonical(graphs.get(None, b""))


ALIKE = {
    "one": (f"{THERE}/c", {"/c": P}, P),
    "several": ([f"{THERE}/c", {"q": "p"}], {"/c": P}, [P, {"q": "p"}]),
    "several at one address": (f"{THERE}/c", {"/c": [P, {"q": "p"}]}, [P, {"q": "p"}]),
    "one that takes all back": ([{"q": "http://q/"}, f"{THERE}/c"], {"/c": [None, P]}, [None, P]),
    "nothing": ([P, f"{THERE}/c"], {"/c": {}}, P),
    "one that names another": (f"{THERE}/c", {"/c": [f"{THERE}/d", {"q": "p"}], "/d": P}, [P, {"q": "p"}]),
    "against the base": ("../c", {"/c": P}, P),
    "against its own address": (f"{THERE}/deep/c", {"/deep/c": "d/e", "/deep/d/e": P}, P),
    "against where it was found": (
        f"{THERE}/c",
        {"/c": Reply("", b"", "/deep/c"), "/deep/c": "d", "/deep/d": P},
        P,
    ),
    "imported": ({"@import": f"{THERE}/c", "q": "p"}, {"/c": {"q": "http://no/", **P}}, {**P, "q": "p"}),
    "imported by one that was fetched": (
        f"{THERE}/deep/c",
        {"/deep/c": {"@import": "d", "q": "p"}, "/deep/d": P},
        {**P, "q": "p"},
    ),
    "without its base": ([P, f"{THERE}/c"], {"/c": {"@base": "http://elsewhere/"}}, P),
    "with the base of the text": ({"@base": "http://own/", **P}, {}, {"@base": "http://own/", **P}),
    "scoped to a term": (
        {"p": {"@id": "http://p.example/", "@context": f"{THERE}/c"}},
        {"/c": {"@version": 1.1, "r": "http://r.example/"}},
        {"p": {"@id": "http://p.example/", "@context": {"r": "http://r.example/"}}},
    ),
    "scoped to a term of one that was fetched": (
        f"{THERE}/deep/c",
        {"/deep/c": {"p": {"@id": "http://p.example/", "@context": "d"}}, "/deep/d": {"r": "http://r.example/"}},
        {"p": {"@id": "http://p.example/", "@context": {"r": "http://r.example/"}}},
    ),
}


@pytest.mark.parametrize(("context", "documents", "same"), ALIKE.values(), ids=ALIKE)
def test_what_is_fetched_means_what_it_means_in_place(context: Any, documents: Mapping[str, Any], same: Any) -> None:
    body = {"@id": "a", "p": [{"@id": "b", "r": 1}, 2], "q": "v"}
    library = Library(documents)
    # The second one makes the engine ask for contexts where the first has none by address.
    found = graph({"@graph": [{"@context": context, **body}, {"@context": f"{THERE}/none"}]}, library_with(library))
    assert found == graph({"@context": same, **body})
    assert b"http://p.example/" in found


def library_with(library: Library) -> Web:
    library.documents = {"/none": {}, **library.documents}
    return library.web


def test_contexts_may_stand_anywhere_and_each_is_fetched_once() -> None:
    library = Library({"/c": P, "/d": {"q": "http://q.example/"}})
    nested = {"@context": f"{THERE}/c", "p": {"@context": f"{THERE}/d", "q": [{"@context": f"{THERE}/c", "p": 1}]}}
    assert graph([nested, nested], library.web).count(b"<http://q.example/>") == 2
    assert library.asked == ["/c", "/d"]


def test_what_is_data_of_json_is_no_context() -> None:
    data = {"@context": "https://elsewhere.example/", "n": 1}
    library = Library({"/c": {"j": {"@id": "http://j.example/", "@type": "@json"}, **P}})
    text = {"j": data, "p": {"@type": "@json", "@value": data}, "@context": f"{THERE}/c"}
    assert graph(text, library.web).count(b"elsewhere.example") == 2
    assert library.asked == ["/c"]


numbers = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
)


@given(numbers, st.text())
def test_all_else_stays_as_it_is_written(number: str, text: str) -> None:
    pair = f'"p": [{number}, {json.dumps(text)}, {json.dumps(text, ensure_ascii=False)}]'.encode()
    try:
        plain = graph(b'{"@context": %s, %s}' % (json.dumps(P).encode(), pair))
    except (ParseError, UnicodeEncodeError):
        return
    assert graph(b'{"@context": "%s/c", %s}' % (THERE.encode(), pair), Library({"/c": P}).web) == plain


WRONG = {
    "one that is not there": ("/none", {}, HostError, r"<https://there\.example/none> cannot be fetched: .*404"),
    "one in itself": ("/c", {"/c": "/c"}, ParseError, r"<https://there\.example/c> is a part of itself"),
    "one in another in itself": ("/c", {"/c": ["/d"], "/d": {"@import": "/c"}}, ParseError, "part of itself"),
    "one in its own term": ("/c", {"/c": {"t": {"@id": "x:t", "@context": "/c"}}}, ParseError, "part of itself"),
    "too deep": ("/0", {f"/{n}": f"/{n + 1}" for n in range(20)}, ParseError, "more than 8 deep"),
    "too many": ([f"/{n}" for n in range(17)], {f"/{n}": {} for n in range(17)}, ParseError, "more than 16 contexts"),
    "too long": ("/c", {"/c": {"p": "x" * 2**20}}, HostError, "more than 1,048,576 bytes"),
    "too much": (["/c"] * 40, {"/c": {"p": "x" * 10**6}}, ParseError, "more than 33,554,432 bytes"),
    "too much, by many of many": (["/0"] * 99, {f"/{n}": [f"/{n + 1}"] * 9999 for n in range(7)} | {"/7": P},
                                  ParseError, "more than 33,554,432 bytes"),
    "a page": ("/c", {"/c": b"<html></html>"}, ParseError, r"<https://there\.example/c> is no context"),
    "no context": ("/c", {"/c": b'{"p": "http://p/"}'}, ParseError, "has no @context"),
    "a list": ("/c", {"/c": b"[]"}, ParseError, "has no @context"),
    "what nests too deep": ("/c", {"/c": b"[" * 10**6}, ParseError, "is no context"),
    "an import of several": ({"@import": "/c"}, {"/c": [P, P]}, ParseError, "no single context"),
    "an import of nothing": ({"@import": 1}, {}, ParseError, "remote contexts|no single|@import"),
    "another host": ("https://other.example/c", {}, QueryRefusedError, r"<https://other\.example/c>.*--allow-document"),
    "another port": ("https://there.example:8443/c", {}, QueryRefusedError, "--allow-document"),
    "without encryption": ("http://there.example/c", {}, QueryRefusedError, "--allow-document"),
    "a file": ("file:///etc/passwd", {}, QueryRefusedError, "--allow-document"),
    "a user": ("https://there.example@127.0.0.1/", {}, QueryRefusedError, "--allow-document"),
    "one that leads away": ("/c", {"/c": Reply("", b"", "https://other.example/c")}, QueryRefusedError,
                            r"other\.example/c>, to which <https://there\.example/c> leads"),
    "one that leads in a circle": ("/c", {"/c": Reply("", b"", "/c")}, HostError, "leads on more than 5 times"),
    "one that leads nowhere": ("/c", {"/c": Reply("", b"", "https://[")}, HostError, "no address"),
}  # fmt: skip


@pytest.mark.parametrize(("context", "documents", "error", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(context: Any, documents: Mapping[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        graph({"@context": context, "@id": "x:s", "p": 1}, Library(documents).web)


def test_a_text_that_nests_too_deep_is_told() -> None:
    text = b'{"@context": "/c", "p": %s1%s}' % (b"[" * 5000, b"]" * 5000)
    with pytest.raises(ParseError, match="nests too deep"):
        graph(text, Library({"/c": P}).web)


@pytest.mark.parametrize(
    "context", [f"{THERE}/c", [P, f"{THERE}/c"], {"@import": "../c"}, {"t": {"@id": "x:t", "@context": "/c"}}]
)
def test_where_nothing_is_allowed_the_address_and_the_option_are_told(context: Any) -> None:
    with pytest.raises(ParseError, match=r"a file: .*<https://there\.example/c>.*--allow-document"):
        graph({"@context": context, "@id": "x:s", "p": 1})
