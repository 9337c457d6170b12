"""How long a text takes to read, as a person says it: ``6 min``.

The rule: 238 words a minute (M. Brysbaert, How many words do we read per minute?, 2019: silent reading of English
non-fiction); 500 characters where Chinese and Japanese, and 1,000 where Thai, Lao, Khmer and Burmese have no space
between words. Rounded, and never less than a minute.
"""

import re

from publisher.essays.essay import PublishedEssay

WORDS, CHARACTERS, LETTERS = 238, 500, 1_000
"""A minute: words that stand between spaces; Han characters and kana; letters of scripts without spaces."""

_CHARACTERS = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003fffd]"
)
_LETTERS = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]")


def minutes(essay: PublishedEssay) -> int:
    """What its body shows is counted, as ``words.txt`` has it."""
    text = essay.files["words.txt"].decode().removesuffix("\n")
    characters, letters = (0, 0) if text.isascii() else (len(each.findall(text)) for each in (_CHARACTERS, _LETTERS))
    if characters or letters:
        text = " ".join(_LETTERS.sub(" ", _CHARACTERS.sub(" ", text)).split())
    words = text.count(" ") + 1 if text else 0
    return max(1, round(words / WORDS + characters / CHARACTERS + letters / LETTERS))


def spoken(essay: PublishedEssay) -> str:
    """``6 min``"""
    return f"{minutes(essay)} min"
