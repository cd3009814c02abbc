"""The themes of DCAT-AP, with their English labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communique.terms import EU_AUTHORITY

DATA_THEMES: Final[Mapping[str, str]] = {
    f"{EU_AUTHORITY}data-theme/{code}": label
    for code, label in (
        ("AGRI", "Agriculture, fisheries, forestry and food"),
        ("ECON", "Economy and finance"),
        ("EDUC", "Education, culture and sport"),
        ("ENER", "Energy"),
        ("ENVI", "Environment"),
        ("GOVE", "Government and public sector"),
        ("HEAL", "Health"),
        ("INTR", "International issues"),
        ("JUST", "Justice, legal system and public safety"),
        ("REGI", "Regions and cities"),
        ("SOCI", "Population and society"),
        ("TECH", "Science and technology"),
        ("TRAN", "Transport"),
    )
}
"""The themes of DCAT-AP (EU list "data-theme") and their English labels; other themes need a label of their own."""
