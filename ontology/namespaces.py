"""Every namespace and its prefix, once."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/diplograph/"
"""Where all IRIs of the project begin."""

TERMS: Final = f"{BASE}ns#"
SHAPES: Final = f"{BASE}shapes#"
IDENTIFIERS: Final = f"{BASE}id/"
DOCUMENTS: Final = f"{BASE}doc/"
CODES: Final = f"{BASE}code/"

INSTANCE_KINDS: Final = (
    "agreement",
    "event",
    "evidence",
    "fact",
    "judgement",
    "organization",
    "person",
    "place",
    "post",
    "state",
    "territory",
    "topic",
    "work",
)
"""The kinds of entity that have identifiers, `…/id/<kind>/<local name>`; each is also a prefix."""

CODE_SCHEMES: Final = ("action", "assessment", "level", "method", "realis", "relation", "role", "verdict")
"""The code lists, `…/code/<scheme>/<code>`; each is also a prefix."""

PREFIXES: Final[dict[str, str]] = {
    "dg": TERMS,
    "dgsh": SHAPES,
    "doc": DOCUMENTS,
    **{kind: f"{IDENTIFIERS}{kind}/" for kind in INSTANCE_KINDS},
    **{scheme: f"{CODES}{scheme}/" for scheme in CODE_SCHEMES},
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace, for every Turtle file, query and export."""
