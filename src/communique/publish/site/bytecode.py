"""Compiled templates, kept where Python keeps its own compiled modules (PEP 3147): every process has to read them only.

Who can write there can write this program, too, so what is there is trusted as a module is. A file that is damaged, or
of other source code, is not used and is written again; where nothing can be written, templates are compiled each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
from functools import cached_property
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_SIZE: Final = 32


class CompiledTemplates(BytecodeCache):
    """The compiled templates of a folder; ``program`` holds the modules that have a say in how they are compiled."""

    def __init__(self, templates: Path, program: Path) -> None:
        self._templates, self._program = templates, program

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of the file for a template."""
        return f"{name.replace('/', '-')}.{sys.implementation.cache_tag}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from its file, if that is whole and right."""
        with contextlib.suppress(OSError):
            body = (self._folder / bucket.key).read_bytes()
            if self._seal(body[_SIZE:]) == body[:_SIZE]:
                bucket.bytecode_from_string(body[_SIZE:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the file of a template, whole or not at all."""
        if sys.dont_write_bytecode:
            return
        body = bucket.bytecode_to_string()
        beside = self._folder / f"{bucket.key}.{secrets.token_hex(4)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(self._seal(body) + body)
            beside.replace(self._folder / bucket.key)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    @cached_property
    def _folder(self) -> Path:
        return Path(cache_from_source(str(self._templates / "template.py"))).parent

    def _seal(self, body: bytes) -> bytes:
        return hashlib.blake2b(self._stamp + body, digest_size=_SIZE).digest()

    @cached_property
    def _stamp(self) -> bytes:
        """The names, sizes and times of all modules, as Python compares them for its own compiled files."""
        whole = hashlib.blake2b(sys.version.encode())
        for here, folders, names in os.walk(self._program):
            folders.sort()
            for name in sorted(name for name in names if name.endswith(".py")):
                state = Path(here, name).stat()
                whole.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode(errors="surrogateescape"))
        return whole.digest()
