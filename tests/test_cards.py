"""Cards: what one page saves for others is read back unchanged."""

from __future__ import annotations

import json

import pytest

from communique.publish.site.cards import (
    CardLane,
    CardLine,
    CardParagraph,
    CardRow,
    CardStretch,
    ReleaseCard,
    read_card,
)

CARD = ReleaseCard(
    slug="2020-02-03-dam",
    iri="https://example.org/id/release/2020-02-03-dam",
    title="Dam “nearly” done",
    day="2020-02-03",
    language="en",
    place="",
    summary=(
        CardLine("who", (CardRow("", ("Sample Works", "Jo Sample"), False), CardRow("with:", ("a guild",), True))),
        CardLine("what", ()),
    ),
    counts={"facts": 7, "people": 1},
    stripe=(CardStretch(40, (CardLane("org", 0, 7), CardLane("people", 9, 12))), CardStretch(5, ())),
    paragraphs=(CardParagraph(0, 12, "0"), CardParagraph(12, 13, ""), CardParagraph(13, 40, "1")),
    original="",
    inner={"s-1": "the dam is safe"},
)


def test_a_card_that_was_written_is_read_as_it_was() -> None:
    read = read_card(CARD.render())
    assert read == CARD
    assert read.summary[0].rows[1] == CardRow("with:", ("a guild",), True)
    assert (type(read.summary[0]), type(read.stripe[0].lanes[0]), type(read.paragraphs[0])) == (
        CardLine, CardLane, CardParagraph,
    )  # fmt: skip


@pytest.mark.parametrize(("offset", "label"), [(0, "0"), (11, "0"), (12, ""), (13, "1"), (39, "1"), (40, ""), (-1, "")])
def test_the_paragraph_of_an_offset_is_the_one_that_holds_it(offset: int, label: str) -> None:
    assert CARD.paragraph_at(offset) == label


@pytest.mark.parametrize("change", [{"summary": None}, {"more": 1}])
def test_a_card_of_another_shape_is_refused(change: dict[str, object]) -> None:

    with pytest.raises(TypeError):
        read_card(json.dumps(json.loads(CARD.render()) | change))
