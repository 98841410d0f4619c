#!/usr/bin/env python3
"""Asks a real Flink about the checks: verify.py ORACLE_DIRECTORY [--functions FILE] [VERSION ...]. See README.md."""

import json
import pathlib
import subprocess
import sys

RELEASES = ["1.20.5", "2.3.0"]
FOLDER = pathlib.Path(__file__).parent
COLUMNS = (
    "i INT, s STRING, b BYTES, bo BOOLEAN, dt DATE, ti TIME, ts TIMESTAMP(3), lt TIMESTAMP_LTZ(3), a ARRAY<INT>, "
    "sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT>, proc AS PROCTIME()"
)


def ask(oracle, release, requests):
    """The results of each request, in order."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        ["./oracle.sh", release], cwd=oracle, input=lines, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    if len(answers) != len(requests):
        sys.exit(f"{len(requests)} requests, {len(answers)} answers:\n{done.stderr}")
    return [answer["results"] for answer in answers]


def statements(text):
    return [statement.strip() for statement in text.split(";") if statement.strip()]


def cases():
    """(diagnostic, statements) of each case."""
    lines = (FOLDER / "cases.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(name, text.replace("«", "").replace("»", "")) for name, text in rows]


def error(results):
    """The first error, or nothing."""
    wrong = [result["error"] for result in results if not result.get("ok")]
    return wrong[0].split(" <- ")[-1].strip().replace("\n", " ") if wrong else ""


def check_cases(oracle, release):
    tables = statements((FOLDER / "tables.sql").read_text())
    requests = [{"mode": "explain", "statements": tables + statements(text)} for _, text in cases()]
    wrong = 0
    for (name, text), results in zip(cases(), ask(oracle, release, requests)):
        if error(results[: len(tables)]):
            sys.exit(f"{release}: {error(results)}")
        refused = error(results)
        if bool(refused) == (name == "ok"):
            wrong += 1
            print(f"{release}\t{name}\t{text}\n\t{refused or 'accepted'}")
    print(f"{release}: {len(requests) - wrong} of {len(requests)} cases as Flink")
    return wrong


def check_functions(oracle, release, file):
    calls = [json.loads(line) for line in pathlib.Path(file).read_text().splitlines()]
    minor = tuple(map(int, release.split(".")[:2]))
    bitmap = ", bm AS BITMAP_BUILD(ARRAY[1])" if minor >= (2, 3) else ""
    table = f"CREATE TABLE t ({COLUMNS}{bitmap}, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka')"
    request = {"mode": "parse", "statements": [table] + [f"SELECT {call['call']} FROM t" for call in calls]}
    wrong = 0
    for call, result in zip(calls, ask(oracle, release, [request])[0][1:]):
        known = tuple(map(int, call["since"].split("."))) <= minor
        if known != bool(result.get("ok")):
            wrong += 1
            print(f"{release}\t{call['call']}\tsince {call['since']}\n\t{error([result]) or 'accepted'}")
    print(f"{release}: {len(calls) - wrong} of {len(calls)} calls as Flink")
    return wrong


def main():
    arguments = sys.argv[1:]
    file = None
    if "--functions" in arguments:
        at = arguments.index("--functions")
        file = arguments[at + 1]
        del arguments[at : at + 2]
    oracle, releases = arguments[0], arguments[1:] or RELEASES
    wrong = 0
    for release in releases:
        wrong += check_cases(oracle, release)
        if file:
            wrong += check_functions(oracle, release, file)
    sys.exit(1 if wrong else 0)


main()
