"""Whatever is edited, and wherever a build is stopped: the next build gives the bytes of a fresh one."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.publish import stage as writing
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, change, run, slugs_of

SEED = 7
EDITS = 6
STOPPED = 3
"""How many of the builds are stopped before they are done again."""

Edit = Callable[[random.Random, Path, Path], None]


def some(chance: random.Random, data: Path) -> Path:
    return data / "releases" / chance.choice(slugs_of(data))


def add(chance: random.Random, data: Path, more: Path) -> None:
    new = sorted({path.name for path in more.iterdir()} - set(slugs_of(data)))
    if new:
        name = chance.choice(new)
        shutil.copytree(more / name, data / "releases" / name)


def remove(chance: random.Random, data: Path, _more: Path) -> None:
    if len(slugs_of(data)) > 3:
        shutil.rmtree(some(chance, data))


def rename(chance: random.Random, data: Path, _more: Path) -> None:
    release = some(chance, data)
    change(release / "record.yaml", release.name, release.name + "x")
    release.rename(release.with_name(release.name + "x"))


def words(chance: random.Random, data: Path, _more: Path) -> None:
    release = some(chance, data)
    old, new = chance.choice(
        [("for the public", "for everybody"), ("opened fair", "opened the fair"), ("head", "chair")]
    )
    for path in (release / "source.txt", release / "record.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def text_alone(chance: random.Random, data: Path, _more: Path) -> None:
    path = some(chance, data) / "source.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(chance.choice([f"{text}\nThe end.\n", text.replace("Fair", "\nFair", 1)]), encoding="utf-8")


def name_of_a_person(chance: random.Random, data: Path, _more: Path) -> None:
    release = some(chance, data)
    record = (release / "record.yaml").read_text(encoding="utf-8")
    for family in re.findall("Mock|Sample|Fixture|Stubb|Probe", record)[:1]:
        for path in (release / "source.txt", release / "record.yaml"):
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(rf"\b{family}\b", family + "er", text), encoding="utf-8")


def registry(chance: random.Random, data: Path, _more: Path) -> None:
    path = data / "entities" / "entities.yaml"
    text = re.sub(', "description": "[0-9]+"', "", path.read_text(encoding="utf-8"))
    named = chance.choice(['"name": "Harbour Trust"', '"name": "The Wire"'])
    path.write_text(text.replace(named, f'{named}, "description": "{chance.randrange(99)}"'), encoding="utf-8")


def title(chance: random.Random, data: Path, _more: Path) -> None:
    path = data / "dataset.yaml"
    path.write_text(re.sub("Generated[0-9]*", f"Generated{chance.randrange(9)}", path.read_text(encoding="utf-8")))


ALL: tuple[Edit, ...] = (add, remove, rename, words, text_alone, name_of_a_person, registry, title)


@pytest.mark.slow
def test_after_any_edits_and_stops_a_build_gives_the_bytes_of_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    data = write_generated(tmp_path, 5)
    more = write_generated(tmp_path / "more", 9) / "releases"
    put, published = writing.put, 0
    run(data, site=True)
    for number in range(EDITS):
        before = shutil.copytree(data, tmp_path / f"{number}")
        for edit in chance.sample(ALL, chance.choice([1, 1, 2, 3])):
            edit(chance, data, more)
        if number < STOPPED:
            left = chance.randrange(1, 200)

            def stop(*arguments: object) -> None:
                nonlocal left
                left -= 1
                if not left:
                    raise KeyboardInterrupt
                put(*arguments)  # type: ignore[arg-type]  # as they came

            with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
                for room in ("build", "entities", "site.newsroom"):
                    patch.setattr(f"communique.publish.{room}.put", stop)
                run(data, site=True)
        outcome = run(data, site=True)
        if outcome.files:
            assert_as_fresh(data, outcome, site=True)
            published += 1
        else:  # the edits broke a rule, so the next ones begin where these did
            assert outcome.findings == run(data, "fresh", site=True, keep=False).findings
            shutil.rmtree(data)
            shutil.copytree(before, data)
    assert published > EDITS // 2
