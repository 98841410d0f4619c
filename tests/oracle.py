"""Asking a real Flink, and reading the plans that it explains: for the scripts beside the tables of cases."""

import fnmatch
import json
import pathlib
import re
import subprocess
import sys

RELEASES = ["1.20.5", "2.3.0"]
CORRELATED = re.compile(r"\$cor\d+")


def minor(release):
    return release.rsplit(".", 1)[0]


def answers(oracle, release, requests):
    """The answer to each request, in order."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        ["./oracle.sh", release], cwd=oracle, input=lines, capture_output=True, text=True, check=True
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    if len(found) != len(requests):
        sys.exit(f"{len(requests)} requests, {len(found)} answers:\n{done.stderr}")
    return found


def ask(oracle, release, requests):
    """The results of each request, in order."""
    return [answer["results"] for answer in answers(oracle, release, requests)]


def explained(folder):
    """(version, case, check, reason) of the differences that are known."""
    rows = (pathlib.Path(folder) / "explained.tsv").read_text().splitlines()
    rows = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return [(version, case, check, reason) for version, case, check, reason in rows]


def reason_of(reasons, version, name, check):
    """The first that is meant: a case and a version may be patterns."""
    for row in reasons:
        if fnmatch.fnmatch(version, row[0]) and fnmatch.fnmatch(name, row[1]) and check == row[2]:
            return row
    return None


def report(reasons, used, differ):
    """Prints the differences; how many have no reason."""
    wrong = 0
    for version, name, check, what in differ:
        row = reason_of(reasons, version, name, check)
        used.add(row)
        wrong += row is None
        print(f"  {'explained' if row else 'DIFFERS'} {check} {name}: {what}")
        if row:
            print(f"      because {row[3]}")
    return wrong


def unused(reasons, used, releases):
    """Prints the reasons that no difference has; how many they are."""
    wrong = 0
    for row in reasons:
        if row not in used and any(fnmatch.fnmatch(minor(release), row[0]) for release in releases):
            wrong += 1
            print(f"explained, but there is no such difference: {row}")
    return wrong


def plans(results):
    """The execution plan of every explained statement that writes."""
    found = []
    for result in results:
        if "== Optimized Execution Plan ==" in result.get("out", ""):
            plan = result["out"].split("== Optimized Execution Plan ==")[1]
            plan = plan.split("== Physical Execution Plan ==")[0]
            found.append([line for line in plan.split("\n") if line.strip()])
    return found


def bare(line):
    """A plan's line without its place; correlations are counted through the whole query."""
    return CORRELATED.sub("$cor", line.lstrip(" +-:"))


def operator(line):
    return re.split(r"[(\[]", bare(line))[0]


def operators(plan):
    return [operator(line) for line in plan]
