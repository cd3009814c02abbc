"""A zstd file as a stream of bytes that raises an error where the file is truncated; the library's own just ends."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

from communique.errors import NewsroomError

_CHUNK: Final = 1024  # bytes read in one step, which unpack to at most 32 MiB


class _Unpacked(io.RawIOBase):
    def __init__(self, path: Path, zstandard: Any) -> None:
        self._file = path.open("rb")
        self._decompressor, self._damage = zstandard.ZstdDecompressor(), zstandard.ZstdError
        self._frame: Any = None
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            data = self._file.read(_CHUNK)
            if not data and self._frame is not None:
                raise EOFError("the file is cut short")
            if not data:
                return 0
            self._ready = memoryview(self._unpack(data))
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _unpack(self, data: bytes) -> bytes:
        made = b""
        while data:
            frame = self._frame or self._decompressor.decompressobj()
            try:
                made += frame.decompress(data)
            except self._damage as e:
                raise OSError(str(e)) from e
            data = frame.unused_data
            self._frame = None if frame.eof else frame
        return made

    def close(self) -> None:
        self._file.close()
        super().close()


def open_zstd(path: Path) -> io.BufferedReader:
    """A stream of the unpacked bytes of all frames of a file (RFC 8878).

    Raises `NewsroomError` if the library is missing. Reading from the stream raises EOFError if the file is truncated
    and OSError if it is damaged.
    """
    try:
        import zstandard  # an extra: few archives are packed this way
    except ImportError:
        raise NewsroomError(f"{path}: to read .zst archives, pip install 'communique[fast]'") from None
    return io.BufferedReader(_Unpacked(path, zstandard))
