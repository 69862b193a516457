"""The vocabulary's classes, properties and codes as Python names."""

from __future__ import annotations

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from .namespaces import CODES, SHAPES, TERMS


class DG(DefinedNamespace):
    """Every term of `diplograph.ttl`; a name that is not one of them raises AttributeError."""

    _fail = True
    _NS = Namespace(TERMS)
    _extras = ["from"]

    Agent: URIRef
    Person: URIRef
    Organization: URIRef
    Ministry: URIRef
    Council: URIRef
    ThinkTank: URIRef
    NewsAgency: URIRef
    IntergovernmentalOrganization: URIRef
    IntergovernmentalBody: URIRef
    State: URIRef
    Place: URIRef
    Territory: URIRef
    City: URIRef
    Region: URIRef
    Post: URIRef
    Event: URIRef
    Meeting: URIRef
    Conference: URIRef
    Conflict: URIRef
    Anniversary: URIRef
    EstablishmentOfRelations: URIRef
    Document: URIRef
    NewsArticle: URIRef
    ReferenceWork: URIRef
    Publication: URIRef
    Report: URIRef
    Agreement: URIRef
    Treaty: URIRef
    Declaration: URIRef
    JointStatement: URIRef
    Communique: URIRef
    Resolution: URIRef
    Topic: URIRef
    Passage: URIRef
    Fact: URIRef
    Tenure: URIRef
    Participation: URIRef
    Representation: URIRef
    Membership: URIRef
    Affiliation: URIRef
    Signature: URIRef
    TreatyAction: URIRef
    Partyship: URIRef
    Relations: URIRef
    Utterance: URIRef
    Assessment: URIRef
    Position: URIRef
    Proposal: URIRef
    Recommendation: URIRef
    Naming: URIRef
    Assertion: URIRef
    Evidence: URIRef

    about: URIRef
    action: URIRef
    addressee: URIRef
    adjective: URIRef
    adopted: URIRef
    adoptedAt: URIRef
    affiliatedWith: URIRef
    agent: URIRef
    agreement: URIRef
    asOf: URIRef
    assessed: URIRef
    assessmentKind: URIRef
    assessor: URIRef
    attachedTo: URIRef
    authors: URIRef
    basedIn: URIRef
    bearer: URIRef
    capacity: URIRef
    capital: URIRef
    celebratedBy: URIRef
    characters: URIRef
    claimedBy: URIRef
    commemorates: URIRef
    content: URIRef
    date: URIRef
    datelineDate: URIRef
    datelinePlace: URIRef
    decidedBy: URIRef
    demand: URIRef
    demandedOf: URIRef
    demonym: URIRef
    dependencyOf: URIRef
    discussed: URIRef
    dissolution: URIRef
    edgeDirected: URIRef
    edgeLabel: URIRef
    edgeLabelFrom: URIRef
    edgeSource: URIRef
    edgeTarget: URIRef
    edition: URIRef
    event: URIRef
    evidence: URIRef
    follows: URIRef
    hasRelationsWith: URIRef
    held: URIRef
    heldIn: URIRef
    holder: URIRef
    holdsPost: URIRef
    implementedBy: URIRef
    inDocument: URIRef
    inSeries: URIRef
    inception: URIRef
    iso31663: URIRef
    isoAlpha2: URIRef
    isoAlpha3: URIRef
    isoNumeric: URIRef
    issuedBy: URIRef
    level: URIRef
    loadedFrom: URIRef
    locatedIn: URIRef
    m49: URIRef
    meetingFormat: URIRef
    member: URIRef
    memberOf: URIRef
    mentions: URIRef
    method: URIRef
    name: URIRef
    note: URIRef
    officialName: URIRef
    onBehalfOf: URIRef
    oneSide: URIRef
    ordinal: URIRef
    organised: URIRef
    organization: URIRef
    otherSide: URIRef
    partOf: URIRef
    participatedIn: URIRef
    party: URIRef
    partyTo: URIRef
    person: URIRef
    post: URIRef
    postIn: URIRef
    postOf: URIRef
    presentedAt: URIRef
    presentedBy: URIRef
    presentedTo: URIRef
    principal: URIRef
    proposer: URIRef
    realis: URIRef
    refreshed: URIRef
    relationKind: URIRef
    reportsOn: URIRef
    represents: URIRef
    role: URIRef
    section: URIRef
    sha256: URIRef
    signatory: URIRef
    signed: URIRef
    speaker: URIRef
    spokeAbout: URIRef
    spokeAt: URIRef
    succeededBy: URIRef
    summary: URIRef
    takenIn: URIRef
    temporalEnd: URIRef
    temporalStart: URIRef
    temporalVia: URIRef
    text: URIRef
    theme: URIRef
    topic: URIRef
    until: URIRef
    wonBy: URIRef


DGSH = Namespace(SHAPES)

ACTION = Namespace(f"{CODES}action/")
ASSESSMENT = Namespace(f"{CODES}assessment/")
LEVEL = Namespace(f"{CODES}level/")
METHOD = Namespace(f"{CODES}method/")
REALIS = Namespace(f"{CODES}realis/")
RELATION = Namespace(f"{CODES}relation/")
ROLE = Namespace(f"{CODES}role/")
