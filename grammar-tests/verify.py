#!/usr/bin/env python3
"""Asks a real Flink about every case: verify.py ORACLE_DIRECTORY [VERSION ...]. See README.md."""

import json
import pathlib
import re
import subprocess
import sys

RELEASES = ["1.20.5", "2.0.2", "2.1.3", "2.2.1", "2.3.0"]
HEADER = re.compile(r"-- (accept|reject)(?: (since|before) (\d+)\.(\d+))?$")


def cases(path):
    """(line number, header, statement) of each case in a file."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        header = HEADER.match(line)
        if header:
            found.append((number, header, []))
        elif found:
            found[-1][2].append(line)
    return [(number, header, "\n".join(lines).strip()) for number, header, lines in found]


def expected(header, release):
    verdict, bound, major, minor = header.groups()
    if bound is None:
        return verdict == "accept"
    newer = [int(part) for part in release.split(".")[:2]] >= [int(major), int(minor)]
    return newer == (bound == "since")


def ask(oracle, release, statements):
    requests = "".join(json.dumps({"mode": "syntax", "statements": [s]}) + "\n" for s in statements)
    done = subprocess.run(
        ["./oracle.sh", release], cwd=oracle, input=requests, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    if len(answers) != len(statements):
        sys.exit(f"{len(statements)} requests, {len(answers)} answers:\n{done.stderr}")
    return [bool(answer["results"][0].get("ok")) for answer in answers]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(__file__).parent
    files = [path for path in sorted(folder.glob("*.sql")) if path.name != "client.sql"]
    all_cases = [(path.name, *case) for path in files for case in cases(path)]
    wrong = 0
    for release in sys.argv[2:] or RELEASES:
        answers = ask(sys.argv[1], release, [case[3] for case in all_cases])
        for (name, number, header, statement), answer in zip(all_cases, answers):
            if answer != expected(header, release):
                wrong += 1
                print(f"{name}:{number}: Flink {release} says {'accept' if answer else 'reject'}: {statement}")
        print(f"Flink {release}: {len(all_cases)} cases asked")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
