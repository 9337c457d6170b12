import hashlib
import io
import itertools

import font_source_serif_pro
import pytest
from PIL import Image, ImageFont, features

from archive.errors import Error
from publisher.site import card, face
from publisher.site.face import drawable
from publisher.site.site import Site
from tests.example_site import essay, issue, site
from tests.test_png import unpacked


def drawn(title: str, whole: Site | None = None, **more: object) -> bytes:
    each = essay(1, "one", title, "Text\n", 2, **more)
    return card.card(whole or site(), issue(12, "2026-W45", 6, each), each)


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def lines(data: bytes) -> list[tuple[int, int]]:
    """The rows in which something is lettered, as first and last, without the rule."""
    rows = [any(picture(data).crop((0, y, card.WIDTH, y + 1)).tobytes()) for y in range(card.RULE)]
    groups = [list(group) for there, group in itertools.groupby(range(card.RULE), key=lambda y: rows[y]) if there]
    return [(group[0], group[-1]) for group in groups]


TITLES = {
    "The form asks for a date": (13_000, 1),
    "Less & <more>: “quotes”": (14_000, 2),
    "Без новой строки: «цифры» №5 — и т. д.": (17_000, 2),
    "The form asks for a date and I gave the only one that I had, which was not mine": (20_000, 3),
    "Ắỵ Ǚỵ ĻǗ" * 9: (30_000, 6),
    "A title without end, " * 40: (31_000, 5),
    "Unbroken" * 60: (29_000, 5),
}


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title[:24])
def test_a_card_is_small_and_its_title_keeps_to_its_lines(title: str) -> None:
    data, (size, many) = drawn(title), TITLES[title]
    assert picture(data).size == (1200, 630)
    assert len(data) < size
    assert len(unpacked(data)) == 630 * 601
    newsletter, *of_title = lines(data)
    assert newsletter[1] < card.TOP + 12
    assert 1 <= len(of_title) <= many  # lines whose letters touch the same row count as one
    assert of_title[-1][1] < card.RULE - 8
    beside = picture(data).crop((card.LEFT + card.COLUMN + 8, 0, card.WIDTH, card.HEIGHT))
    assert not any(beside.tobytes())


def test_the_same_card_is_drawn_on_every_machine() -> None:
    """Another hash means that every site which was published has other cards than this program makes."""
    whole = site(sample=False)
    data = drawn("The form asks for a date, Ǚ fjord", whole)
    assert hashlib.sha256(data).hexdigest() == "121d69d608b7e2b137922f3926ee5036c151c239ce84f3ee16c01eb1923e4879"


@pytest.mark.parametrize(
    "title", ["日本語の題", "عنوان", "שלום", "a\u0328\u0301b", "नमस्ते", "🦩 Flamingo", "\u202eevil", "zero\u200bwidth"]
)
def test_a_title_that_the_face_cannot_show_is_left_to_the_page(title: str) -> None:
    assert not drawable(title)
    assert drawn(title) == drawn("Issue 12")


def test_a_newsletter_or_an_author_that_the_face_cannot_show_is_left_out() -> None:
    named = site().newsletter.model_copy(update={"title": "手紙"})
    assert lines(drawn("On commas", site(newsletter=named))) == lines(drawn("On commas"))[1:]
    assert drawn("On commas", model="模型") != drawn("On commas")


def test_a_card_has_the_newsletters_own_accent_for_its_ground() -> None:
    own = site(appearance=site().appearance.model_copy(update={"accent": "#1d4f8b"}))
    grounds = [picture(drawn("On commas", each)).convert("RGB").getpixel((0, 0)) for each in (site(), own)]
    assert grounds == [(0x83, 0x31, 0x1C), (0x1D, 0x4F, 0x8B)]


def test_an_accent_is_shown_however_it_is_written() -> None:
    assert drawn("Cafe\u0301") == drawn("Café")


def test_every_letter_that_is_said_to_be_in_the_face_is_in_it() -> None:
    path = font_source_serif_pro.__file__.replace("__init__.py", "files/SourceSerifPro-Regular.otf")
    font = ImageFont.truetype(path, 40, layout_engine=ImageFont.Layout.BASIC)
    missing = bytes(font.getmask("\uffff"))
    known = [chr(code) for code in range(0x21, 0x2FFF) if drawable(chr(code))]
    assert len(known) > 600
    assert [letter for letter in known if bytes(font.getmask(face.plain(letter))) == missing] == []


def test_no_word_of_a_title_that_fits_is_lost() -> None:
    title = "One two three four five six seven eight nine ten eleven twelve thirteen"
    _, shown = card._fitted(title)
    assert " ".join(shown) == title


def test_a_title_that_does_not_fit_ends_with_an_ellipsis_after_a_whole_word() -> None:
    size, shown = card._fitted("A title without end, " * 40)
    assert (size, len(shown)) == card.SIZES[-1]
    assert ("A title without end, " * 40).startswith(" ".join(shown).removesuffix("…"))
    assert shown[-1].endswith(("A…", "title…", "without…", "end,…"))


def test_cards_are_drawn_by_one_version_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for kept in (face.width, face._lettered, face._advance, face._reaches, face._drawn, face._font):
        kept.cache_clear()
    monkeypatch.setattr(features, "version", lambda name: "2.99.0")
    with pytest.raises(Error, match=r"drawn by Pillow 13.0.0 with FreeType 2.14.3, but .* 2.99.0 is installed"):
        drawn("On commas, and on a size that was not asked for before")
