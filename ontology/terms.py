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
    Visit: URIRef
    Document: URIRef
    NewsArticle: URIRef
    ReferenceWork: URIRef
    Dataset: URIRef
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
    Nomination: URIRef
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
    Judgement: URIRef

    about: URIRef
    accreditedTo: URIRef
    action: URIRef
    addressee: URIRef
    adjective: URIRef
    adopted: URIRef
    adoptedAt: URIRef
    affiliatedWith: URIRef
    agent: URIRef
    agreement: URIRef
    appointed: URIRef
    arrived: URIRef
    asOf: URIRef
    asWritten: URIRef
    assessed: URIRef
    assessmentKind: URIRef
    assessor: URIRef
    attachedTo: URIRef
    authors: URIRef
    basedIn: URIRef
    bearer: URIRef
    nationality: URIRef
    born: URIRef
    capacity: URIRef
    capital: URIRef
    celebratedBy: URIRef
    characters: URIRef
    claimedBy: URIRef
    commemorates: URIRef
    concurrentWith: URIRef
    content: URIRef
    date: URIRef
    datelineDate: URIRef
    datelinePlace: URIRef
    decidedBy: URIRef
    demand: URIRef
    demandedOf: URIRef
    demonym: URIRef
    dependencyOf: URIRef
    depositary: URIRef
    destination: URIRef
    died: URIRef
    discussed: URIRef
    dissolution: URIRef
    edgeDirected: URIRef
    edgeLabel: URIRef
    edgeLabelFrom: URIRef
    edgeSource: URIRef
    edgeTarget: URIRef
    edition: URIRef
    endNote: URIRef
    entryIntoForce: URIRef
    event: URIRef
    evidence: URIRef
    file: URIRef
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
    judgedBy: URIRef
    judgedOn: URIRef
    keeps: URIRef
    kind: URIRef
    lastUpdated: URIRef
    level: URIRef
    loadedFrom: URIRef
    localId: URIRef
    locatedIn: URIRef
    m49: URIRef
    meetingFormat: URIRef
    member: URIRef
    memberOf: URIRef
    mentions: URIRef
    merges: URIRef
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
    presentedCredentials: URIRef
    presentedTo: URIRef
    principal: URIRef
    proposer: URIRef
    realis: URIRef
    reason: URIRef
    record: URIRef
    refreshed: URIRef
    relationKind: URIRef
    reportsOn: URIRef
    represents: URIRef
    residentAt: URIRef
    role: URIRef
    roleTitle: URIRef
    scope: URIRef
    section: URIRef
    sentFrom: URIRef
    sha256: URIRef
    signatory: URIRef
    signed: URIRef
    speaker: URIRef
    spokeAbout: URIRef
    spokeAt: URIRef
    subject: URIRef
    succeededBy: URIRef
    summary: URIRef
    takenIn: URIRef
    temporalEnd: URIRef
    temporalStart: URIRef
    temporalVia: URIRef
    termination: URIRef
    text: URIRef
    theme: URIRef
    topic: URIRef
    until: URIRef
    verdict: URIRef
    wonBy: URIRef


DGSH = Namespace(SHAPES)

ACTION = Namespace(f"{CODES}action/")
ASSESSMENT = Namespace(f"{CODES}assessment/")
LEVEL = Namespace(f"{CODES}level/")
METHOD = Namespace(f"{CODES}method/")
REALIS = Namespace(f"{CODES}realis/")
RELATION = Namespace(f"{CODES}relation/")
ROLE = Namespace(f"{CODES}role/")
VERDICT = Namespace(f"{CODES}verdict/")
