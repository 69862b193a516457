"""Prefixes are declared once and mean the same in every packaged file."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from rdflib.namespace import RDF, SKOS

from diplograph.ontology import namespaces
from diplograph.ontology.documents import ONTOLOGY, PARTS, source, vocabulary
from diplograph.ontology.namespaces import BASE, CODE_SCHEMES, INSTANCE_KINDS, PREFIXES

EXAMPLES = sorted(path.name for path in (files("diplograph.ontology") / "examples").iterdir())
PACKAGED = {part: source(part).decode() for part in (*PARTS, "style")} | {
    name: (files("diplograph.ontology") / "examples" / name).read_text(encoding="utf-8") for name in EXAMPLES
}


def declared_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^@prefix ([\w-]*): <([^>]*)> \.$", text, re.MULTILINE)


def test_every_namespace_has_one_prefix():
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_namespaces_end_where_a_local_name_can_begin():
    assert all(namespace.endswith(("#", "/")) for namespace in PREFIXES.values())


def test_prefixes_can_be_written_in_turtle():
    assert all(re.fullmatch("[a-z]+", prefix) for prefix in PREFIXES)


def test_all_that_is_ours_is_below_one_base():
    ours = {prefix for prefix, namespace in PREFIXES.items() if namespace.startswith(BASE)}
    assert ours == {"dg", "dgsh", "doc", *INSTANCE_KINDS, *CODE_SCHEMES}
    assert str(ONTOLOGY).startswith(BASE)
    assert f"{ONTOLOGY}" not in (namespaces.TERMS, namespaces.TERMS[:-1])


def test_kinds_and_schemes_are_sorted_and_apart():
    assert list(INSTANCE_KINDS) == sorted(INSTANCE_KINDS)
    assert list(CODE_SCHEMES) == sorted(CODE_SCHEMES)
    assert set(INSTANCE_KINDS).isdisjoint(CODE_SCHEMES)


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_files_declare_prefixes_as_here_once_and_in_order(name: str):
    declared = declared_in(PACKAGED[name])
    assert dict(declared).items() <= PREFIXES.items()
    assert declared == sorted(set(declared))


def test_every_code_scheme_is_in_the_code_lists():
    schemes = vocabulary("schemes").subjects(RDF.type, SKOS.ConceptScheme)
    assert {str(scheme) for scheme in schemes} == {PREFIXES[scheme][:-1] for scheme in CODE_SCHEMES}
