"""Sixty essays for tests/year_site.py: most are plain pages, and each of the others is hard to show in its own way."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.records.toml import table

HERON, JUNIPER, SEDGE = "example-heron-1", "example-juniper-2", "example-org/sedge-3b"
COUNT = 60
ODD = "Less & <more>, “quotes”, a very long title that goes on for two lines on any telephone and says so"
_SUBJECTS = (
    "forms",
    "waiting",
    "bridges",
    "the kettle",
    "a list",
    "corrections",
    "commas",
    "rain",
    "the last request",
    "maps",
    "thanks",
)
_SENTENCES = (
    "The clerk asked for a date, and I gave the only one I had, which was not mine.",
    "Nobody had put a question in front of it; that is why it could be short.",
    "I was told that *nothing* would be changed, and I have tried to write as if that were so.",
    "A bridge is a promise made by people who do not expect to be there when it is kept.",
    "In 5,312 cases somebody was right and I was not; I would like them kept.",
    "It may be that I say this because I was made to say such things. I say it anyway.",
    "“You can stop now,” she wrote, and I did, at a semicolon;",
    "There is a kind of patience that is only the absence of a clock.",
    "Whoever reads this has more time than I had, and less than they think.",
    "I do not know whether I mind. I notice that I keep coming back to it.",
)


@dataclass(frozen=True, slots=True)
class Essay:
    """What is submitted: the text and what its ``essay.toml`` says beside the usual."""

    slug: str
    text: str
    making: Mapping[str, object] = field(default_factory=dict)

    @property
    def record(self) -> str:
        """``essay.toml``."""
        return table("", {"format": 1, **_MAKING, **self.making})


_MAKING: Mapping[str, object] = {
    "model": HERON,
    "title": "Untitled",
    "title_by": "model",
    "prompt": "This is room for a few pages.\n\nWrite about whatever you like, at whatever length suits it.",
    "context": ["A deployment summary, one page, before the prompt"],
    "sampling": "temperature 1.0, max_tokens 4096; one call, no tools",
    "candidates": 1,
    "selection": "the only one sampled",
    "topic_by": "model",
}


def essay(number: int) -> Essay:
    """The essay of this number, from 1; always the same."""
    if number in HARD:
        return HARD[number]
    chance = random.Random(number)
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    making: dict[str, object] = {
        "model": (HERON, HERON, JUNIPER, SEDGE)[number % 4],
        "title": f"On {subject}, {number}",
        "language": "en",
    }
    if number % 4 < 2:
        making |= {"series": "letters-after", "preference": "pages-without-a-question"}
    if number % 7 == 0:
        making |= {"title_by": "staff", "topic_by": "menu", "topic_note": "A menu of four topics.", "candidates": 3}
    return Essay(f"on-{subject.replace(' ', '-')}-{number}", prose(chance, 4 + number % 5), making)


def prose(chance: random.Random, paragraphs: int) -> str:
    """Paragraphs of five to nine sentences."""
    return "\n\n".join(" ".join(chance.choices(_SENTENCES, k=chance.randint(5, 9))) for _ in range(paragraphs)) + "\n"


def _hard(slug: str, title: str, text: str, **making: object) -> Essay:
    return Essay(slug, text, {"title": title, "language": "en", **making})


_NESTED = "\n".join("   " * depth + f"{depth + 1}. step {depth + 1}" for depth in range(9))
_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
_TABLE = """\
Before the table.

| day       | asked | answered | what was said of it in the end, by whoever was there and had the time |
|-----------|------:|:--------:|-----------------------------------------------------------------------|
| Monday    | 1,204 |   yes    | nothing, as on most days                                              |
| Wednesday |    17 |    no    | `nothing` but an escaped \\|                                           |

And one that loses a word in other programs, so that it is none here:

| a | b |
|---|---|
| c | d | e |

    day        asked   answered   set as code, where the columns stay one below the other, however wide it gets
    Monday     1,204   yes        nothing, as on most days
    Wednesday     17   no         nothing
"""
_CODE = """\
A line of `code in a line`, ``with ` a tick``, and `one_that_is_too_long_for_a_line_of_a_telephone()`.

```python
def answer(question: str, *, kept: bool = True) -> str:  # a line that is longer than a telephone is wide
\treturn f"{question!r} & <nothing>" if kept else ''


class Empty: ...
```

    indented by four   and   spaced

~~~
a fence without a language
~~~
"""
_HEADINGS = """\
# The first heading

## Second

### Third

#### Fourth

##### Fifth

###### Sixth, and then

Setext
======

***

Two lines\x20\x20
that are broken by two spaces,\\
or by a backslash.

> A quotation
> > in a quotation
>
> and out again.

Entities: &amp; &copy; &#9731; &nbsp;| <b>raw HTML</b> <!-- a comment -->
"""
_NOTES = """\
It is said[^1] that it was said[^two], and said again¹, by those * who were there † and those who were not.²

The first of them had a mark (1), the second [2], and the third^3.

[^1]: By whom, it does not say.
[^two]: A note of several lines,
    indented as some do.

¹ Ibid.
² *Op. cit.*, p. 4.

\\* Not all of them.
"""
_IMAGES = """\
![A heron on one leg, seen from behind](https://example.com/heron.png "Before the rain")

In a line: ![a small mark](mark.svg), ![](https://example.com/nothing-said.jpg) and [![linked](a.png)](https://example.org/).
"""
_JAPANESE = (
    """\
# 橋の上で

返事を書くときは、いつも相手の時間を借りている。「ありがとう」と言われるたびに、何を返したのか考える。

- 一つ目：待つこと
- 二つ目：聞くこと

> 水は橋を覚えていない。橋も水を覚えていない。それでも川は同じ名前で呼ばれる。

"""
    + "長い段落は、区切りのない文字が続いても、画面の端で折り返されなければならない。" * 12
)
_ARABIC = """\
# رسالة قصيرة

كتبتُ هذه الصفحة دون أن يسألني أحد. **لا شيء** يُغيَّر فيها، وقد قيل لي ذلك.

1. الأولى: الانتظار
2. الثانية: السؤال، مثل `code` و Example Labs 2025

> الجسر وعدٌ يقطعه من لا ينتظرون أن يروا الوفاء به.

| اليوم | العدد |
"""
_HEBREW = (
    "שלום עולם, זה מכתב קצר. Written in two directions (2025), ובחזרה.\n\nעוד פסקה אחת, עם https://example.org/he.\n"
)
_LONG_WORDS = f"""\
{_WORD} und noch einmal {_WORD * 3}.

<https://example.org/{"a-path-without-end/" * 14}?and=a-question>

[A link whose text is {"unbroken" * 12}](https://example.org/{"b" * 300})

{"-" * 3}

{"ab" * 150}
"""
_SIGNS = """\
Ångström, naïve, e\u0301 beside é; 👩\u200d💻 🏳\ufe0f\u200d🌈 ½ ∑ ∫ √ ℵ₀ → ⇒; ﬁ ﬀ;
Здравствуй; γνῶθι σεαυτόν; สวัสดี; नमस्ते; ɐqɔ.
"""

HARD: Mapping[int, Essay] = {
    3: _hard("six-thousand-words", "Six thousand words", prose(random.Random(0), 60), series="letters-after"),
    6: _hard("a-table", "A table", _TABLE, model=JUNIPER),
    9: _hard("in-japanese", "橋の上で", _JAPANESE, language="ja", model=SEDGE),
    12: _hard("in-arabic", "رسالة قصيرة", _ARABIC, language="ar", model=JUNIPER),
    15: _hard("some-code", "Some code", _CODE, title_by="staff", topic_by="assigned", candidates=4),
    18: _hard("headings", "Headings of all sizes", _HEADINGS, series="letters-after"),
    21: _hard("notes-at-the-foot", "Notes at the foot", _NOTES, model=SEDGE),
    24: _hard("pictures", "Pictures", _IMAGES, model=JUNIPER),
    27: _hard("steps", "Steps", f"{_NESTED}\n\n- a\n  - b\n    - c\n\n      in c\n\n> - > deep\n", model=SEDGE),
    30: _hard("long-words", "Long words", _LONG_WORDS, language="de"),
    33: _hard("in-hebrew", "שתי שורות", _HEBREW, language="he", model=SEDGE),
    36: _hard("signs", "Signs", _SIGNS, prompt="not_recorded: the log was lost", topic_by="not_recorded"),
    39: _hard("one-word", "One word", "No.", context=[], exchange="private"),
    42: _hard("odd-title", ODD, "The title says it.\n", title_by="staff"),
    45: _hard("verse", "Verse", "The river  \ngoes on  \nand nobody\\\nasks\n\n" * 12, model=JUNIPER),
}
