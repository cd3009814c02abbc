"""Language tags (BCP 47) as authors write them, and what to write in place of what is none."""

from __future__ import annotations

import re
from typing import Final

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}")
_NAMES: Final = {
    "arabic": "ar", "chinese": "zh", "deutsch": "de", "english": "en", "español": "es", "français": "fr",
    "french": "fr", "german": "de", "italian": "it", "japanese": "ja", "kazakh": "kk", "kyrgyz": "ky", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr", "ukrainian": "uk", "uzbek": "uz",
    "қазақша": "kk", "русский": "ru",
}  # fmt: skip


def language_fault(tag: object) -> str:
    """The sentence about something that is not a language tag, with the tag that was probably meant.

    >>> language_fault("en_GB")
    "'en_GB' is not a language tag: write en-GB"
    >>> language_fault("Russian"), language_fault(5)
    ("'Russian' is not a language tag: write ru", '5 is not a language tag such as en or pt-BR')
    """
    shown = repr(tag)[:100]
    better = tag_meant(tag) if isinstance(tag, str) else None
    return f"{shown} is not a language tag" + (f": write {better}" if better else " such as en or pt-BR")


def tag_meant(written: str) -> str | None:
    """The tag that was probably meant by a text that is none; None if none is.

    >>> tag_meant("pt_br"), tag_meant("?")
    ('pt-BR', None)
    """
    if written.lower() in _NAMES:
        return _NAMES[written.lower()]
    parts = re.split(r"[-_ ]", re.sub(r"\..*$", "", written[:60]).strip())
    rest = [part.upper() if len(part) == len("GB") else part for part in parts[1:]]
    tag = "-".join([parts[0].lower(), *rest])
    return tag if LANGUAGE.fullmatch(tag) and tag != written else None
