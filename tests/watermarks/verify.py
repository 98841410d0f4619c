#!/usr/bin/env python3
"""Asks a real Flink about the watermarks: verify.py CASES ORACLE_DIRECTORY [VERSION ...]. See README.md."""

import collections
import datetime
import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

from oracle import RELEASES, answers, ask, bare, explained, minor, operator, plans, report, unused

HOME = ["USE CATALOG `default_catalog`", "USE `default_database`"]
ROWTIME = re.compile(r"WATERMARK FOR (`(?:[^`]|``)+`|\w+) AS", re.IGNORECASE)
REUSE = re.compile(r"\(reuse_id=\[(\d+)\]\)")
# Cases about watermarks of the user's own: what Flink refuses is refused.
DECLARED = ("refused_columns/", "refused_expressions/", "accepted_declarations/")
# What a marked script is asked about though nothing is printed: its gates are refused, not its watermarks.
WITHOUT_GATES = "queries_"


def whole(version, script):
    """The statements of a script behind those of its catalog file."""
    return version["catalog"] + (HOME if version["catalog"] else []) + version[script]


def unique(oracle, release, scripts):
    """What Flink explains of each script, asked once for each; by the script's text."""
    texts = sorted({json.dumps(script) for script in scripts})
    results = ask(oracle, release, [{"mode": "explain", "statements": json.loads(text)} for text in texts])
    return dict(zip(texts, results))


def error(results):
    return next((" ".join(r["error"].split()) for r in results if r.get("error")), None)


# What watermarks do to the plan.


def tree(plan):
    """(line, children) of a plan; what is planned once and read twice stands in both places."""
    root, path, shared = ("", []), [], {}
    path.append((-1, root))
    for line in plan:
        depth = len(line) - len(line.lstrip(" +-:"))
        text = bare(line)
        node = (REUSE.sub("", text), [])
        for number in REUSE.findall(text):
            shared[number] = node
        again = re.match(r"Reused\(reference_id=\[(\d+)\]\)", text)
        if again:
            node = shared[again.group(1)]
        while path[-1][0] >= depth:
            path.pop()
        path[-1][1][1].append(node)
        path.append((depth, node))
    return root[1]


def without_the_source(node):
    """The operators, where a scan stands for the watermark and the projections right above it."""
    line, children = node
    name = operator(line)
    below = [without_the_source(child) for child in children]
    if name in ("Calc", "WatermarkAssigner") and below == [("TableSourceScan", ())]:
        return below[0]
    return (name, tuple(below))


def names(node):
    """A plan's operators in one line."""
    name, children = node
    return name if not children else f"{name}({', '.join(map(names, children))})"


def is_asked(name, version):
    return version["first"] is not None or bool(version["marked"]) and name.startswith(WITHOUT_GATES)


def compare_plans(cases, oracle, release, differ):
    version_name = minor(release)
    versions = [(case["name"], case["versions"][version_name]) for case in cases]
    asked = [(name, v) for name, v in versions if is_asked(name, v)]
    scripts = [whole(v, s) for _, v in asked for s in ("input", "marked", "first") if v[s] is not None]
    scripts += [whole(v, "input") for name, v in versions if name.startswith(DECLARED)]
    known = unique(oracle, release, scripts)
    answer = lambda version, script: known[json.dumps(whole(version, script))]
    counts = collections.Counter()
    for name, version in versions:
        declared = name.startswith(DECLARED)
        refused = error(answer(version, "input")) if declared or is_asked(name, version) else None
        if declared:
            counts["declared watermarks"] += 1
            says = bool(version["errors"])
            if says == bool(refused):
                counts["declared watermarks refused or taken as Flink does"] += 1
            else:
                differ.append((version_name, name, "declared", f"{version['errors']}, Flink: {refused}"))
        if not is_asked(name, version):
            continue
        if refused:
            counts["Flink refuses the input"] += 1
            differ.append((version_name, name, "input", refused[:300]))
            continue
        counts["rewritten, input planned"] += 1
        scripts = ["marked"] + (["first"] if version["first"] is not None else [])
        bad = [f"{s}: {error(answer(version, s))[:300]}" for s in scripts if error(answer(version, s))]
        if bad:
            differ.append((version_name, name, "accepted", bad[0]))
            continue
        counts["accepted"] += 1
        if version["marked"] == version["input"]:
            counts["without a watermark to add"] += 1
            continue
        plain, marked = (plans(answer(version, script)) for script in ("input", "marked"))
        if len(plain) != len(marked):
            differ.append((version_name, name, "plans", f"{len(plain)} and {len(marked)}"))
            continue
        shapes = [[without_the_source(n) for plan in side for n in tree(plan)] for side in (plain, marked)]
        counts["compared"] += 1
        if shapes[0] == shapes[1]:
            counts["same operators"] += 1
        else:
            was, now = next(pair for pair in zip(*shapes) if pair[0] != pair[1])
            differ.append((version_name, name, "operators", f"{names(was)}\n      now {names(now)}"))
    return counts


# What a run emits.


def milliseconds(text):
    if text == "null":
        return None
    time = datetime.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=datetime.timezone.utc)
    return round(time.timestamp() * 1000)


def watching(statements):
    """The script with a sink for the watermark that each row sees."""
    rowtime = next(m.group(1) for s in reversed(statements) if (m := ROWTIME.search(s)))
    watch = f"INSERT INTO seen SELECT id, CAST(CURRENT_WATERMARK({rowtime}) AS STRING) FROM"
    insert = lambda s: s.replace("INSERT INTO snk SELECT id FROM", watch)
    sink = "CREATE TEMPORARY TABLE seen (id INT, w STRING) WITH ('connector' = 'mem')"
    return [sink] + [insert(s) for s in statements]


def compare_runs(cases, oracle, release, differ):
    version_name = minor(release)
    asked = [(c["name"], c["sees"], c["versions"][version_name]) for c in cases if c["sees"]]
    runs = [(name, sees, whole(version, "marked")) for name, sees, version in asked if version["first"]]
    conf = {"pipeline.auto-watermark-interval": "0", "parallelism.default": "1"}
    requests = [{"mode": "run", "conf": conf, "statements": watching(s)} for _, _, s in runs]
    counts = collections.Counter({"to be run": len(asked), "run": len(runs)})
    for (name, expected, _), answer in zip(runs, answers(oracle, release, requests)):
        failed = error(answer["results"])
        if failed:
            differ.append((version_name, name, "run", failed[:300]))
            continue
        rows = [re.fullmatch(r"\+I\[(\d+), (.*)\]", row).groups() for row in answer["sinks"].get("seen", [])]
        seen = [milliseconds(text) for _, text in sorted((int(id), text) for id, text in rows)]
        if seen == expected:
            counts["watermarks as expected"] += 1
        else:
            differ.append((version_name, name, "watermarks", f"{seen}, expected {expected}"))
    for name, _, version in asked:
        if not version["first"]:
            differ.append((version_name, name, "run", f"not rewritten: {version['errors']}"))
    return counts


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text())
    reasons = explained(FOLDER)
    used, wrong = set(), 0
    releases = sys.argv[3:] or RELEASES
    for release in releases:
        differ = []
        counts = compare_plans(cases, sys.argv[2], release, differ)
        counts += compare_runs(cases, sys.argv[2], release, differ)
        print(f"Flink {release}: {len(cases)} cases")
        for what, count in counts.items():
            print(f"  {what}: {count}")
        wrong += report(reasons, used, differ)
        sys.stdout.flush()
    wrong += unused(reasons, used, releases)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
