"""The standing inferences that dataset.yaml may declare, each with what it concludes."""

from __future__ import annotations

from typing import Final

STANDING: Final[dict[str, str]] = {
    "names-split": "the first of two names is the given name, the second the family name; "
    "the one name after an honorific is the family name",
    "should-recommends": "what somebody said should be done is a recommendation",
    "speakers-attend": "who speaks in a release on one event attended that event",
    "supporters-sponsor": "who supported a work or an event was a sponsor of it",
}
"""What each inference concludes, by its name; none is drawn unless a newsroom declares it with its reason."""
