"""Logs to one Parquet file in order of time, as somebody writes it for these very files: a pattern and a layout of times for each.

python timeline_by_hand.py duckdb|polars PLAN.json OUT.parquet     PLAN: {"path", "pattern", "stamp", "time", "level", "year"} for each log
python timeline_by_hand.py duckdb-json|msgspec-json FILE           only time, level and logger; prints the seconds that it took
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime  # noqa: TC003  # msgspec asks for it
from typing import Any


def by_duckdb(plan: list[dict[str, Any]], out: str) -> None:
    import duckdb

    made = []
    for one in plan:
        text = f"regexp_extract(line, $${one['pattern']}$$, {one['time']})"
        stamp = one["stamp"].replace("%3f", "%g").replace("%6f", "%f").replace("%e", "%d")
        if one["year"]:
            text, stamp = f"'{one['year']} ' || regexp_replace({text}, ' +', ' ', 'g')", f"%Y {stamp}"
        level = f"regexp_extract(line, $${one['pattern']}$$, {one['level']})" if one["level"] else "null"
        columns = "columns = {'line': 'varchar'}, delim = '\x01', quote = '', escape = '', header = false, auto_detect = false"
        made.append(f"select try_strptime({text}, '{stamp}') as time, {level} as level from read_csv('{one['path']}', {columns})")  # noqa: S608  # our own files
    query = f"select * from ({' union all '.join(made)}) order by time"  # noqa: S608  # put together from the queries above
    duckdb.connect().execute(f"copy ({query}) to '{out}' (format parquet, compression lz4_raw)")


def by_polars(plan: list[dict[str, Any]], out: str) -> None:
    import polars as pl

    made = []
    for one in plan:
        lines = pl.scan_csv(one["path"], separator="\x01", has_header=False, new_columns=["line"], quote_char=None, infer_schema=False)
        text, stamp = pl.col("line").str.extract(one["pattern"], one["time"]), one["stamp"]
        if one["year"]:
            text, stamp = pl.lit(f"{one['year']} ") + text, f"%Y {stamp}"
        level = pl.col("line").str.extract(one["pattern"], one["level"]) if one["level"] else pl.lit(None, pl.String)
        made.append(lines.select(text.str.to_datetime(stamp, time_unit="us", strict=False).alias("time"), level.alias("level")))
    pl.concat(made).sort("time").sink_parquet(out, compression="lz4")


def json_by_duckdb(path: str) -> float:
    import duckdb

    connection = duckdb.connect()
    began = time.perf_counter()
    columns = "{'timestamp': 'timestamp', 'level': 'varchar', 'logger': 'varchar'}"
    read = f"read_json('{path}', format = 'newline_delimited', columns = {columns})"
    query = f"select count(timestamp), count(level), count(distinct logger) from {read}"  # noqa: S608  # our own file
    connection.execute(query).fetchall()
    return time.perf_counter() - began


def json_by_msgspec(path: str) -> float:
    import msgspec

    class Line(msgspec.Struct):
        timestamp: datetime
        level: str
        logger: str

    decoder = msgspec.json.Decoder(Line)
    began = time.perf_counter()
    with open(path, "rb") as file:
        while block := file.readlines(8 << 20):
            decoder.decode_lines(b"".join(block))
    return time.perf_counter() - began


if __name__ == "__main__":
    engine, given = sys.argv[1:3]
    if engine in ("duckdb", "polars"):
        with open(given, encoding="utf-8") as file:
            asked = json.load(file)
        (by_duckdb if engine == "duckdb" else by_polars)(asked, sys.argv[3])
    else:
        print((json_by_duckdb if engine == "duckdb-json" else json_by_msgspec)(given))
