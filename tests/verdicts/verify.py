#!/usr/bin/env python3
"""Asks a real Flink about the table of verdicts: verify.py CASES ORACLE_DIRECTORY [VERSION ...]. See README.md."""

import collections
import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

from oracle import RELEASES, ask, bare, explained, operators, plans, report, unused

ATTRIBUTE = re.compile(r"\*(ROWTIME|PROCTIME)\*")
LITERAL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?|TO_TIMESTAMP_LTZ\(-?\d+(?::BIGINT)?, \d\)")


def quiet(statements):
    """Without what writes: only the tables and views that a query stands on."""
    return [s for s in statements if not re.match(r"(EXECUTE STATEMENT|BEGIN STATEMENT|END|INSERT)\b", s)]


# What a query yields: changelog and time attributes.


def schema(text):
    """(type, attribute) of each column of a resolved schema."""
    columns = []
    for line in text.removeprefix("(\n").removesuffix("\n)").split("\n"):
        kind = re.sub(r"^\s*`(?:[^`]|``)*` ", "", line).rstrip(",")
        attribute = ATTRIBUTE.search(kind)
        columns.append((ATTRIBUTE.sub("", kind).strip(), attribute.group(0) if attribute else ""))
    return columns


def probe(before, query, columns):
    """The query into a sink that takes everything, with names of its own."""
    types = ", ".join(f"`c{i}` {kind}" for i, (kind, _) in enumerate(columns))
    table = f"CREATE TEMPORARY TABLE `probe$` ({types}) WITH ('connector' = 'blackhole')"
    return before + [table, f"INSERT INTO `probe$` {query}"]


def changelog(plan):
    """Of the node below the sink."""
    physical = plan.split("== Optimized Physical Plan ==")[1].split("== Optimized Execution Plan ==")[0]
    modes = re.findall(r"changelogMode=\[([A-Z,]*)\]", physical)
    return modes[1]


def rowtimes(nodes):
    """Which columns of the node below the sink are rowtimes: an expression's type may say so and lose it in the plan."""
    kind = nodes[-2]["outputType"]
    # Without a time attribute it is written as text.
    kinds = [field["fieldType"] for field in kind["fields"]] if isinstance(kind, dict) else []
    return [isinstance(kind, dict) and kind.get("kind") == "ROWTIME" for kind in kinds]


def compare_queries(cases, oracle, release, differ):
    minor = release.rsplit(".", 1)[0]
    inserts = [(case["name"], insert) for case in cases for insert in case["versions"][minor]["inserts"]]
    asked = [
        {"mode": "parse", "schema": True, "statements": quiet(i["before"]) + [i["query"]]} for _, i in inserts
    ]
    answers = [results[-1] for results in ask(oracle, release, asked)]
    known = [(n, i, schema(a["schema"])) for (n, i), a in zip(inserts, answers) if a.get("schema")]
    unread = [(n, a.get("error", "")) for (n, _), a in zip(inserts, answers) if not a.get("schema")]
    probes = [probe(quiet(i["before"]), i["query"], columns) for _, i, columns in known]
    explains = [{"mode": "explain", "details": ["CHANGELOG_MODE"], "statements": p} for p in probes]
    plans = [results[-1] for results in ask(oracle, release, explains)]
    compiles = [{"mode": "compile", "statements": p} for p in probes]
    compiled = [results[-1] for results in ask(oracle, release, compiles)]
    agree = 0
    for (name, insert, columns), plan, nodes in zip(known, plans, compiled):
        if not plan.get("ok"):
            unread.append((name, plan.get("error", "")))
            continue
        before = len(differ)
        nodes = json.loads(nodes["out"])["nodes"] if nodes.get("ok") else None
        mode = changelog(plan["out"])
        claimed = insert["changelog"]
        if claimed == "unknown" or (claimed == "append") != (mode == "I"):
            differ.append((minor, name, "changelog", f"{claimed}, Flink has [{mode}]"))
        elif nodes and mode != "I":
            key = nodes[-1].get("inputUpsertKey")
            if (sorted(insert["key"]) if insert["key"] is not None else None) != (sorted(key) if key else None):
                differ.append((minor, name, "key", f"{insert['key']}, Flink has {key}"))
        if insert["columns"] is None:
            differ.append((minor, name, "columns", "not known"))
            continue
        flink = [attribute for _, attribute in columns]
        if nodes:
            kept = rowtimes(nodes)
            flink = ["" if a == "*ROWTIME*" and not any(kept[at : at + 1]) else a for at, a in enumerate(flink)]
        if insert["columns"] != flink:
            differ.append((minor, name, "times", f"{insert['columns']}, Flink has {flink}"))
        agree += before == len(differ)
    return agree, len(inserts) - len(unread), unread


# What a gate does to the plan.


def layout(results):
    """How many operators that hash, and at which parallelism what is no Calc or Correlate runs."""
    shuffles, widths = 0, []
    for result in results:
        if "== Physical Execution Plan ==" not in result.get("out", ""):
            continue
        for node in json.loads(result["out"].split("== Physical Execution Plan ==")[1])["nodes"]:
            shuffles += sum(p["ship_strategy"] != "FORWARD" for p in node.get("predecessors", []))
            if not re.match(r"(Calc|Correlate)\b", node["type"]):
                widths.append(node["parallelism"])
    return shuffles, sorted(widths)


def masked(plan):
    return [LITERAL.sub("#", line) for line in plan]


def below_the_gate(plan):
    """The lines of the plan below the barrier, without the Calc that makes the gate time; None without a barrier."""
    for at, line in enumerate(plan):
        if bare(line).startswith("Correlate(invocation=[$UNNEST_ROWS$1("):
            rest = [bare(l) for l in plan[at + 1 :]]
            return rest[1:] if rest and rest[0].startswith("Calc(") else rest
    return None


def below_the_sink(plan):
    rest = [bare(l) for l in plan[1:]]
    return rest[1:] if rest and rest[0].startswith("Calc(") else rest


def compare_plans(cases, oracle, release, differ):
    minor = release.rsplit(".", 1)[0]
    roles = ["ungated", "first", "outgoing", "incoming"]
    explain = {"mode": "explain", "details": ["JSON_EXECUTION_PLAN"], "conf": {"parallelism.default": "4"}}
    gated = [(c["name"], c["versions"][minor]) for c in cases if c["versions"][minor]["first"]]
    requests = [explain | {"statements": v[role]} for _, v in gated for role in roles]
    answers = ask(oracle, release, requests)
    counts = collections.Counter()
    for at, (name, version) in enumerate(gated):
        results = dict(zip(roles, answers[4 * at : 4 * at + 4]))
        errors = {role: [r["error"] for r in results[role] if r.get("error")] for role in roles}
        if errors["ungated"]:
            counts["Flink refuses the ungated script"] += 1
            continue
        counts["rewritten and planned"] += 1
        bad = [f"{role}: {errors[role][0]}" for role in roles if errors[role]]
        if bad:
            differ.append((minor, name, "accepted", bad[0]))
            continue
        counts["accepted in all roles"] += 1
        plan = {role: plans(results[role]) for role in roles}
        two_sided = any(i["changelog"] == "upsert" for i in version["inserts"])
        same = [masked(p) for p in plan["first"]] == [masked(p) for p in plan["outgoing"]]
        if two_sided:
            same &= [operators(p) for p in plan["first"]] == [operators(p) for p in plan["incoming"]]
        else:
            same &= [masked(p) for p in plan["first"]] == [masked(p) for p in plan["incoming"]]
        if same:
            counts["one plan in all roles"] += 1
        else:
            differ.append((minor, name, "roles", first_difference(plan, roles[1:])))
        exchanges = {role: sum("Exchange(" in line for p in plan[role] for line in p) for role in roles}
        if all(exchanges[role] <= exchanges["ungated"] for role in roles):
            counts["no exchange added"] += 1
        else:
            differ.append((minor, name, "exchanges", str(exchanges)))
        layouts = {role: layout(results[role]) for role in roles}
        if all(layouts[role] == layouts["ungated"] for role in roles):
            counts["parallelism unchanged"] += 1
        else:
            differ.append((minor, name, "parallelism", str(layouts)))
        if not any("UNNEST(ARRAY[" in s and "AS `__at`" in s for s in version["first"]):
            continue
        for ungated, first in zip(plan["ungated"], plan["first"]):
            below = below_the_gate(first)
            if below is None:
                continue
            counts["pinned gates"] += 1
            if operators(below) != operators(below_the_sink(ungated)):
                differ.append((minor, name, "operators", f"{operators(below)}"))
                continue
            counts["pinned gates above the ungated operators"] += 1
            if below == below_the_sink(ungated):
                counts["pinned gates above the ungated plan"] += 1
            else:
                lines = list(zip(below + ["(end)"], below_the_sink(ungated) + ["(end)"]))
                gate, plain = next((a, b) for a, b in lines if a != b)
                differ.append((minor, name, "below", f"{gate}\n      ungated: {plain}"))
    return counts


def first_difference(plan, roles):
    texts = {role: [line for p in plan[role] for line in masked(p)] for role in roles}
    base = texts[roles[0]]
    for role in roles[1:]:
        for a, b in zip(base, texts[role]):
            if a != b:
                return f"{bare(a)}\n      {role}: {bare(b)}"
    return "other numbers of operators"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text())
    reasons = explained(FOLDER)
    used, wrong = set(), 0
    releases = sys.argv[3:] or RELEASES
    for release in releases:
        differ = []
        agree, asked, unread = compare_queries(cases, sys.argv[2], release, differ)
        counts = compare_plans(cases, sys.argv[2], release, differ)
        print(f"Flink {release}: {asked} queries planned, {agree} agree in changelog, key and time attributes")
        print(f"  {len(unread)} queries that Flink does not plan:")
        for name, error in unread:
            print(f"    {name}: {' '.join(error.split())[:160]}")
        for what, count in counts.items():
            print(f"  {what}: {count}")
        wrong += report(reasons, used, differ)
    wrong += unused(reasons, used, releases)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
