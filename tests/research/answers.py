"""Runs in the environment with the engines: ``answers.py DATASET < blocks > answers``, both as JSON.

Blocks are question → engine → code; what each answers is a table: its columns, then its rows, all as text.
"""

import json
import math
import os
import sys

import duckdb
import pandas as pd
import polars as pl


def sql(code: str) -> list[list[object]]:
    answer = duckdb.sql(code)
    return [answer.columns, *map(list, answer.fetchall())]


def pandas(code: str) -> list[list[object]]:
    known: dict[str, object] = {"pd": pd}
    exec(code, known)
    answer = known["answer"].astype(object)
    return [list(answer.columns), *answer.to_numpy().tolist()]


def polars(code: str) -> list[list[object]]:
    known: dict[str, object] = {"pl": pl}
    exec(code, known)
    return [known["answer"].columns, *map(list, known["answer"].rows())]


def said(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


ENGINES = {"sql": sql, "pandas": pandas, "polars": polars}
os.chdir(sys.argv[1])
blocks = json.load(sys.stdin)
found: dict[str, dict[str, list[list[str]]]] = {}
for question, own in blocks.items():
    found[question] = {
        name: [[said(cell) for cell in row] for row in ENGINES[name](code)] for name, code in own.items()
    }
json.dump(found, sys.stdout)
