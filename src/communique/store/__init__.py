"""Stores of quads: embedded in this process, or any SPARQL 1.1 service."""

from communique.store.open import open_store
from communique.store.store import Answer, Store

__all__ = ["Answer", "Store", "open_store"]
