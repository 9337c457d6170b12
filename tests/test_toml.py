import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import toml


@settings(max_examples=400)
@given(st.text() | st.text(alphabet='"\\\n\r\t\0 a\x7f\x85'))
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    assert tomllib.loads(f"a = {toml.string(text)}") == {"a": text}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}", fullmatch=True),
        st.text() | st.integers(-9, 9) | st.booleans() | st.dates() | st.lists(st.text(), max_size=3)
        | st.dictionaries(st.text(min_size=1, max_size=5), st.text(), min_size=1, max_size=3),
        max_size=5,
    )
)  # fmt: skip
def test_any_table_is_written_so_that_it_reads_back(values: dict[str, object]) -> None:
    assert tomllib.loads(toml.table("[[a]]", values)) == {"a": [values]}
