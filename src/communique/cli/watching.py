"""What `build --watch` and `check --watch` do after each save."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

from communique import artefacts
from communique.cli.program import program_version, say, write
from communique.context import read_context
from communique.errors import CommuniqueError, StoppedError
from communique.findings import FORMATS, Finding, conforms, render_findings
from communique.iris import release_path
from communique.publish.manifest import changed_files, read_files
from communique.watching.changes import watch_folders
from communique.watching.preview import Preview, open_preview

if TYPE_CHECKING:
    from communique.publish.build import BuildOutcome


def watch_build(
    make: Callable[[], BuildOutcome], data: Path, out: Path, *, fmt: str, port: int | None, quiet: bool
) -> NoReturn:
    """Build now and after each save; with a port, browsers show the pages, and load them again after each build.

    Ends with Ctrl-C. A first build that cannot be carried out ends the command, too.
    """
    end = f"watching has ended; {out} is as the last build left it"
    with nullcontext(None) if port is None else open_preview(out, port) as preview:
        if preview:
            say(f"the pages are at {preview.address}", quiet)

        def build(changed: Collection[Path]) -> None:
            _build(make, out, changed, fmt=fmt, preview=preview, quiet=quiet)

        _repeat(build, data, out, end=end, quiet=quiet)


def watch_check(
    check: Callable[[Sequence[str]], list[Finding]], slugs: Sequence[str], data: Path, *, quiet: bool
) -> NoReturn:
    """Check now and after each save: what ``check`` shows of the releases with some slugs (none: of everything).

    A save inside releases checks these alone; with ``slugs``, no others are checked. Ends with Ctrl-C.
    """

    def run(changed: Collection[Path]) -> None:
        begin = time.monotonic()
        own = _slugs(changed, data)
        chosen = slugs if own is None else [slug for slug in own if not slugs or slug in slugs]
        if own is None or chosen:
            findings = check(chosen)
            what = ", ".join(chosen) or "everything"
            say(f"checked in {time.monotonic() - begin:.1f} s: {what}; {_counted(len(findings), 'finding')}", quiet)

    _repeat(run, data, end="watching has ended; nothing was changed", quiet=quiet)


def _repeat(
    run: Callable[[Collection[Path]], None], data: Path, out: Path | None = None, *, end: str, quiet: bool
) -> NoReturn:
    """Call ``run`` with what has changed, at first with nothing; what it cannot carry out is said."""
    folders = [data, *(data.resolve().parent / name for name in artefacts.NAMES)]
    rounds = watch_folders(folders, [] if out is None else [out])
    try:
        run(next(rounds))
        say("waiting for the next save; Ctrl-C ends this", quiet)
        for changed in rounds:
            read_context.cache_clear()  # it may be another one now
            try:
                run({path.parent.resolve() / path.name for path in changed})
            except StoppedError:
                raise
            except CommuniqueError as no:
                say(f"communique: {no}")
    except KeyboardInterrupt:
        raise StoppedError(end) from None
    raise AssertionError("what has changed has no end")


def _build(
    make: Callable[[], BuildOutcome],
    out: Path,
    changed: Collection[Path],
    *,
    fmt: str,
    preview: Preview | None,
    quiet: bool,
) -> None:
    begin, before = time.monotonic(), read_files(out)
    outcome = make()
    findings = changed_first(outcome.findings, changed)
    if findings or not FORMATS[fmt].as_they_come:
        write(render_findings(findings, fmt, version=program_version()))
    seconds = f"{time.monotonic() - begin:.1f} s"
    if not conforms(findings):
        say(f"not built, in {seconds}: mend the violations first, {out} is as it was")
        return
    files = changed_files(before, read_files(out))
    say(f"built in {seconds}: {_sum_up(files)}", quiet)
    if files and preview:
        preview.reload()


def _sum_up(files: Iterable[str]) -> str:
    """How many releases and pages are among the changed files of a publication.

    >>> _sum_up(["index.html", "release/a/index.html", "release/a/index.ttl"]), _sum_up([])
    ('1 release, 2 pages', 'nothing has changed')
    """
    folders = {str(PurePosixPath(path).parent) for path in files}
    releases = [folder for folder in folders if folder == release_path(PurePosixPath(folder).name)]
    pages = [path for path in files if path.endswith(".html")]
    counts = [_counted(len(releases), "release"), _counted(len(pages), "page")]
    return ", ".join(counts) if files else "nothing has changed"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def changed_first(findings: Iterable[Finding], changed: Collection[Path]) -> list[Finding]:
    """The same findings, first those of the folders in which something has changed, in their order."""
    folders = {path.parent for path in changed} | set(changed)
    return sorted(findings, key=lambda finding: folders.isdisjoint(_places(finding.file)))


def _places(file: str) -> tuple[Path, Path]:
    folder = Path(file).parent.resolve()
    return folder / Path(file).name, folder


def _slugs(changed: Collection[Path], data: Path) -> Sequence[str] | None:
    """The slugs of the releases in whose folders all changes are; None if something else has changed, too."""
    releases = data.resolve() / "releases"
    found = set()
    for path in changed:
        parts = path.parts[len(releases.parts) :] if path.is_relative_to(releases) else ()
        if len(parts) < 2 or not (releases / parts[0]).is_dir():
            return None
        found.add(parts[0])
    return sorted(found) or None
