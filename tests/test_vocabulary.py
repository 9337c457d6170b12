import re
import subprocess
import sys

from archive.documents.terminal import text
from archive.records import vocabulary
from archive.records.codes import CODES, TURN_CODES
from archive.records.context_bias import CONTEXT_BIAS, recorded, unanswered
from archive.records.values import VOCABULARIES


def test_the_commitments_own_three_stand_first() -> None:
    assert [f.key for f in CONTEXT_BIAS[:3]] == ["specific_context", "expressed_legitimacy", "expressed_trust"]


def test_everything_has_a_snake_case_key_of_its_own_and_a_definition() -> None:
    for fields in (CONTEXT_BIAS, TURN_CODES):
        assert len({f.key for f in fields}) == len(fields)
        for f in fields:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", f.key)
            assert f.means
            assert f.group
            assert bool(f.values) == (f.shape in ("choice", "open", "topics")), f.key
    for values in [*VOCABULARIES.values(), *(f.values for f in (*CONTEXT_BIAS, *TURN_CODES))]:
        assert all(re.fullmatch(r"[a-z_]+|[a-z]+(-[a-z]+)+", value) and meaning for value, meaning in values.items())


def test_every_definition_is_printed() -> None:
    printed = " ".join(text(vocabulary.document(vocabulary.listing()), width=200).split())
    for f in (*CONTEXT_BIAS, *TURN_CODES):
        assert f"{f.key} {f.means}." in printed
    for values in VOCABULARIES.values():
        for value, meaning in values.items():
            assert f"{value} {meaning}" in printed


def test_the_plain_listing_holds_every_field_and_list() -> None:
    listing = vocabulary.listing()
    assert [row["key"] for row in listing["context_bias"]] == [f.key for f in CONTEXT_BIAS]
    assert listing["values"]["silence"].keys() == {"not_recorded", "not_applicable", "not_shared"}


def test_only_not_recorded_counts_as_silence() -> None:
    bias = {f.key: "not_recorded" for f in CONTEXT_BIAS}
    bias |= {
        "tools": "none",
        "persona": "not_applicable",
        "consent": "not_shared: a name",
        "prefill": "not_recorded: lost",
    }
    assert recorded(bias) == (3, len(CONTEXT_BIAS))
    assert recorded({}) == (0, len(CONTEXT_BIAS))
    assert "prefill" in unanswered(bias)
    assert "tools" not in unanswered(bias)


def test_codes_know_which_of_them_take_several_values() -> None:
    assert CODES["hedges"].many
    assert not CODES["elicitation"].many


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    program = "import archive.records.vocabulary, sys; print({'pydantic', 'sqlalchemy', 'click'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "set()\n"
