"""The site's style sheet as it is in the dark, in the light or on paper, whatever the browser is set to.

The pages stay as they are: only the questions in the sheet are answered.
"""

import re
from collections.abc import Callable

_YES, _NO = "(min-width: 0)", "(max-width: 0)"


def _scheme(sheet: str, scheme: str) -> str:
    def answer(question: re.Match[str]) -> str:
        return _YES if question[1] == scheme else _NO

    sheet = re.sub(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", answer, sheet)
    return re.sub(r"\bcolor-scheme\s*:\s*(?:light dark|dark light)\b", f"color-scheme: {scheme}", sheet)


def _dark(sheet: str) -> str:
    return _scheme(sheet, "dark")


def _light(sheet: str) -> str:
    return _scheme(sheet, "light")


def _paper(sheet: str) -> str:
    def answer(rule: re.Match[str]) -> str:
        return re.sub(r"\bscreen\b", "not all", re.sub(r"\bprint\b", "all", rule[0]))

    return re.sub(r"@media[^{]*", answer, _light(sheet))


LOOKS: dict[str, Callable[[str], str]] = {"site": str, "dark": _dark, "light": _light, "print": _paper}
"""Under which folder of the preview the site's pages have which sheet; under ``site/`` their own."""
