"""Checks the configuration for Helix and Zed, which no test here can run: it parses, names what exists, and agrees.

Python 3.11 or newer, nothing else. Prints a line for each check; ends with 1 if one fails.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What the server takes as initialization options and as the section `tidegate`.
SETTINGS = {"validate", "inlayHints", "codeLens", "flink"}

outcome = {"passed": 0, "failed": 0}


def check(name, problems):
    problems = [problem for problem in problems if problem]
    outcome["failed" if problems else "passed"] += 1
    print("FAIL" if problems else "PASS", name)
    for problem in problems:
        print("    ", problem)


def parsed(path, parse):
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        check(f"{path.relative_to(HERE)} can be read", [str(error)])
        return {}


def unknown_settings(settings):
    return [f"`{key}` is no setting of the server" for key in settings if key not in SETTINGS]


def helix():
    config = parsed(HERE / "helix/languages.toml", tomllib.loads)
    servers = config.get("language-server", {})
    languages = {language["name"]: language for language in config.get("language", [])}
    check(
        "helix: both servers start `tidegate lsp`",
        [
            f"{name}: {server}"
            for name, server in servers.items()
            if (server.get("command"), server.get("args")) != ("tidegate", ["lsp"])
        ]
        + ["there are no servers" if len(servers) != 2 else ""],
    )
    check(
        "helix: settings are those of the server",
        [problem for server in servers.values() for problem in unknown_settings(server.get("config", {}))],
    )
    check(
        "helix: each language has a server, and each server a language",
        [
            f"{name}: {language.get('language-servers')}"
            for name, language in languages.items()
            if not language.get("language-servers") or not set(language["language-servers"]) <= set(servers)
        ]
        + [
            f"{name} is used by no language"
            for name in servers
            if not any(name in language.get("language-servers", []) for language in languages.values())
        ],
    )
    flink = languages.get("flink-sql", {})
    check(
        "helix: Flink scripts are told by their names, other SQL by the folder",
        [
            "" if flink.get("file-types") == [{"glob": "*.flink.sql"}, "fsql"] else f"{flink.get('file-types')}",
            "" if flink.get("language-id") == "flink-sql" else f"language-id: {flink.get('language-id')}",
            "" if "required-root-patterns" in servers.get("tidegate-sql", {}) else "SQL has the server everywhere",
        ],
    )
    # A query that only inherits: Helix has no grammar by the name of the language.
    query = HERE / "helix/runtime/queries" / flink.get("name", "?") / "highlights.scm"
    inherits = re.findall(r"^; inherits: (\S+)$", query.read_text(), re.M) if query.exists() else []
    check(
        "helix: colours come from the grammar that is named",
        ["" if inherits == [flink.get("grammar")] else f"{query.relative_to(HERE)}: {inherits}"],
    )


def zed():
    manifest = parsed(HERE / "zed/extension.toml", tomllib.loads)
    package = parsed(HERE / "zed/Cargo.toml", tomllib.loads)
    project = parsed(HERE.parent / "Cargo.toml", tomllib.loads)
    settings = parsed(HERE / "zed/settings.json", json.loads)
    needed = {"id", "name", "version", "schema_version", "authors", "description", "repository"}
    check("zed: the manifest is complete", [f"no {key}" for key in sorted(needed - set(manifest))])
    check(
        "zed: manifest, package and project have one version",
        [
            f"{manifest.get('version')}, {each.get('package', {}).get('version')}"
            for each in (package, project)
            if each.get("package", {}).get("version") != manifest.get("version")
        ],
    )
    check(
        "zed: the package is a library for WebAssembly, and stands by itself",
        [
            "" if package.get("lib", {}).get("crate-type") == ["cdylib"] else "crate-type",
            "" if package.get("workspace") == {} else "no [workspace] of its own",
            "" if (HERE / "zed" / package.get("lib", {}).get("path", "?")).is_file() else "no source",
        ],
    )
    servers = manifest.get("language_servers", {})
    languages = {language for server in servers.values() for language in server.get("languages", [])}
    check(
        "zed: the settings speak of the server and the language of the manifest",
        [f"no server {name}" for name in settings.get("lsp", {}) if name not in servers]
        + [f"no language {name}" for name in settings.get("languages", {}) if name not in languages]
        + [f"no language {name}" for name in settings.get("file_types", {}) if name not in languages]
        + [
            problem
            for server in settings.get("lsp", {}).values()
            for problem in unknown_settings(server.get("settings", {}))
        ],
    )


def vscode():
    # Its own tests are in vscode/; here only that it has what the server takes.
    path = HERE / "vscode/package.json"
    if not path.exists():
        return
    sections = parsed(path, json.loads).get("contributes", {}).get("configuration", {})
    sections = sections if isinstance(sections, list) else [sections]
    keys = {key for section in sections for key in section.get("properties", {})}
    check(
        "vscode: the extension has each setting of the server",
        [f"no tidegate.{key}" for key in sorted(SETTINGS) if f"tidegate.{key}" not in keys],
    )


def readmes():
    for path in sorted(HERE.glob("*/README.md")):
        problems = []
        for language, block in re.findall(r"^```(toml|json)\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S):
            try:
                tomllib.loads(block) if language == "toml" else json.loads(block)
            except ValueError as error:
                problems.append(f"{error}: {block}")
        check(f"{path.relative_to(HERE)}: blocks of TOML and JSON can be read", problems)


helix()
zed()
vscode()
readmes()
print(f"{outcome['passed']} passed, {outcome['failed']} failed")
sys.exit(1 if outcome["failed"] else 0)
