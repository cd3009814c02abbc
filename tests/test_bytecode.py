"""Compiled templates are kept, used again, and made anew when anything that they depend on has changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from communique.publish.site.bytecode import CompiledTemplates
from communique.publish.site.pages import environment

NAME = "page.html"


class Counted(Environment):
    """Counts how many templates are compiled."""

    compiled = 0

    def _compile(self, source: str, filename: str):
        Counted.compiled += 1
        return super()._compile(source, filename)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template and a module of the program."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / NAME).write_text("Hello {{ name }}")
    (tmp_path / "module.py").write_text("A = 1\n")
    return tmp_path


def compiled(folder: Path, says: str = "Hello Ada") -> int:
    """How many templates a new process would compile to render the page."""
    before = Counted.compiled
    templates = Counted(
        autoescape=True, loader=FileSystemLoader(folder), bytecode_cache=CompiledTemplates(folder, folder)
    )
    assert templates.get_template(NAME).render(name="Ada") == says
    return Counted.compiled - before


def kept(folder: Path) -> list[Path]:
    """The files of compiled templates."""
    return sorted((folder / "__pycache__").iterdir())


def test_a_template_is_compiled_once(folder: Path) -> None:
    assert [compiled(folder) for _ in range(3)] == [1, 0, 0]
    assert [path.name for path in kept(folder)] == [f"{NAME}.{sys.implementation.cache_tag}.jinja"]


def test_what_has_changed_is_compiled_again(folder: Path) -> None:
    compiled(folder)
    (folder / NAME).write_text("Goodbye {{ name }}")
    assert [compiled(folder, "Goodbye Ada") for _ in range(2)] == [1, 0]
    (folder / "module.py").write_text("A = 23\n")
    assert [compiled(folder, "Goodbye Ada") for _ in range(2)] == [1, 0]
    os.utime(folder / "module.py", ns=(1, 1))  # of the same size
    assert [compiled(folder, "Goodbye Ada") for _ in range(2)] == [1, 0]
    (folder / "another.py").touch()
    assert [compiled(folder, "Goodbye Ada") for _ in range(2)] == [1, 0]
    assert len(kept(folder)) == 1


def test_each_thing_that_the_compiler_depends_on_counts_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inner").mkdir()
    compiled(folder)
    module, inner = folder / "module.py", folder / "inner" / "other.py"
    inner.touch()
    assert [compiled(folder) for _ in range(2)] == [1, 0]  # a module of an inner folder
    state = module.stat()
    module.write_text("A = 1234\n")
    os.utime(module, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert [compiled(folder) for _ in range(2)] == [1, 0]  # a size
    module.rename(folder / "nodule.py")
    assert [compiled(folder) for _ in range(2)] == [1, 0]  # a name
    monkeypatch.setattr(sys, "version", "another")
    assert [compiled(folder) for _ in range(2)] == [1, 0]  # Python


def test_a_damaged_file_is_not_used_and_is_written_again(folder: Path) -> None:
    compiled(folder)
    (path,) = kept(folder)
    whole = path.read_bytes()
    for at in (0, 40, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert compiled(folder) == 1
        assert path.read_bytes() == whole
    for damaged in (b"", whole[:10], whole[:-1]):
        path.write_bytes(damaged)
        assert compiled(folder) == 1
        assert path.read_bytes() == whole


def test_where_nothing_can_be_written_templates_are_compiled_each_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "__pycache__").write_text("a file, not a folder")
    assert [compiled(folder) for _ in range(2)] == [1, 1]
    (folder / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [compiled(folder) for _ in range(2)] == [1, 1]
    assert not (folder / "__pycache__").exists()


def test_nothing_is_left_of_a_file_that_could_not_be_written(folder: Path) -> None:
    compiled(folder)
    (path,) = kept(folder)
    path.unlink()
    path.mkdir()
    (path / "other").touch()  # no file can take the place of this folder
    assert compiled(folder) == 1
    assert kept(folder) == [path]


def test_the_pages_keep_their_templates_compiled() -> None:
    assert isinstance(environment().bytecode_cache, CompiledTemplates)
