"""Which values of the JSON-LD of a page are links to its nodes, and which are addresses of something elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from communique.export.order import Object
from communique.schemaorg import read_vocabulary
from communique.terms import SCHEMA, TYPE

FactTriple: TypeAlias = tuple[str, str, Object]

_URL_TERMS: Final = """
    acquireLicensePage actionableFeedbackPolicy afterMedia archivedAt associatedDisease beforeMedia benefitsSummaryUrl
    codeRepository colleague colorSwatch constraintProperty contentUrl correctionsPolicy discussionUrl
    diseasePreventionInfo diseaseSpreadStatistics diversityPolicy diversityStaffingReport documentation downloadUrl
    duringMedia embedUrl ethicsPolicy gameLocation gettingTestedInfo hasGS1DigitalLink hasMap hasMolecularFunction
    healthPlanMarketingUrl image inCodeSet inDefinedTermSet installUrl isBasedOn isBasedOnUrl
    isInvolvedInBiologicalProcess isLocatedInSubcellularLocation isPartOf labelDetails layoutImage license logo
    mainEntityOfPage map maps masthead merchantReturnLink missionCoveragePrioritiesPolicy newsUpdatesAndGuidelines
    noBylinesPolicy originalMediaLink paymentUrl prescribingInfo productReturnLink publicTransportClosuresInfo
    publishingPrinciples quarantineGuidelines relatedLink replyToUrl sameAs schoolClosuresInfo screenshot sdLicense
    season serviceUrl shippingSettingsLink significantLink significantLinks speakable target targetUrl thumbnailUrl
    tourBookingPage trackingUrl travelBans unnamedSourcesPolicy url usageInfo verificationFactCheckingPolicy
    webFeed
"""
URL_TERMS: Final = frozenset(_URL_TERMS.split())
"""The properties whose plain strings are IRIs in the context of schema.org 30.0."""

_LINKS_OUT: Final = URL_TERMS - {"isPartOf"}
"""Those of them that may lead to something that has no node in the page."""


def is_link(fact: FactTriple, nodes: Collection[str]) -> bool:
    """Whether the value of a fact is a node of the page, not a text, a class, an address or a schema.org term.

    ``nodes`` are those that the graph describes: a property that can lead elsewhere leads to a node if it is one.
    """
    _, iri, value = fact
    if not isinstance(value, NamedNode) or value.value.startswith(SCHEMA) or iri == TYPE:
        return False
    name = iri.removeprefix(SCHEMA)
    return not _can_lead_out(name) or (value.value in nodes and _can_lead_to_node(name))


def _can_lead_out(name: str) -> bool:
    """Whether a value of a property may be the address of something that has no node in the page."""
    if name in URL_TERMS:
        return name in _LINKS_OUT
    term = read_vocabulary().properties.get(name)
    return term is not None and "URL" in term.ranges


def _can_lead_to_node(name: str) -> bool:
    """Whether a value of a property may be a node, not only an address, as that of schema:url is."""
    term, vocabulary = read_vocabulary().properties.get(name), read_vocabulary()
    return term is not None and not vocabulary.datatypes.issuperset(term.ranges)


def is_address(name: str, value: str, nodes: Collection[str]) -> bool:
    """Whether an IRI is written as a plain text, which the context of schema.org reads as an IRI; else as a node."""
    return name in _LINKS_OUT and not (value in nodes and _can_lead_to_node(name))
