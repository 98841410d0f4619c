#!/usr/bin/env bash
# Asks a real Flink whether what tidegate says of it is so: Flink 1.20 and 2.3, each in its own Java process.
#
#   conformance/run.sh [--flink 1.20|2.3] [--all] [--verbose] [--break KIND] [SUITE...]
#
# All suites for both versions unless told otherwise. --all leaves no case out to save time. --break plants a wrong
# gate (boundary, null, pushdown, shape), which the suite "run" has to find. Ends with 0 if all came out as it has
# to, 1 if not, 2 if it could not be run.
#
# Needs JDK 17 and Maven 3.6 or newer. TIDEGATE names the binary; without it, cargo builds one into
# CARGO_TARGET_DIR, or below TIDEGATE_CACHE (default: ~/.cache/tidegate-ci). Maven keeps Flink in its own folder.
# CONFORMANCE_CASES names a folder with the cases of the tests; without it, cargo runs the tests that write them.
# What a run leaves (Flink's log, the scripts, summaries) is in CONFORMANCE_WORK (default: conformance/target/run).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")

usage() {
  sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}
broken() {
  echo "conformance: $*" >&2
  exit 2
}

lines=(1.20 2.3) options=() suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --flink) [ $# -gt 1 ] || usage; lines=("$2"); shift ;;
    --break) [ $# -gt 1 ] || usage; options+=(--break "$2"); shift ;;
    --all | --verbose) options+=("$1") ;;
    -*) usage ;;
    *) suites+=("$1") ;;
  esac
  shift
done
for line in "${lines[@]}"; do
  case $line in 1.20 | 2.3) ;; *) broken "there is no Flink $line here, only 1.20 and 2.3" ;; esac
done

# What is needed, said before anything is done.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
for tool in "$java" "${java}c"; do
  command -v "$tool" >/dev/null || broken "$tool is not there: install a JDK 17 and put it on the path or into JAVA_HOME"
done
release=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
[ "$release" = 17 ] || broken "$java is Java $release, but Flink 1.20 and 2.3 are run on Java 17 here: set JAVA_HOME to a JDK 17"
command -v mvn >/dev/null || broken "mvn is not there: install Maven 3.6 or newer"

cache=${TIDEGATE_CACHE:-$HOME/.cache/tidegate-ci}
if [ -z "${TIDEGATE:-}" ]; then
  command -v cargo >/dev/null || broken "cargo is not there: install Rust, or name a binary of tidegate in TIDEGATE"
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
  # As for the tests, which may be built already: with other features DataFusion would be built once more.
  (cd "$project" && cargo test --locked --no-run --test it) || broken "tidegate cannot be built"
  TIDEGATE=$CARGO_TARGET_DIR/debug/tidegate
fi
[ -x "$TIDEGATE" ] || broken "TIDEGATE is $TIDEGATE, which is no program"
TIDEGATE=$(realpath "$TIDEGATE")

# The cases of tidegate's own tests, as these write them.
needs_cases=
for suite in ${suites[@]+"${suites[@]}"}; do
  case $suite in explain | cost) needs_cases=yes ;; esac
done
[ ${#suites[@]} -gt 0 ] || needs_cases=yes
cases=${CONFORMANCE_CASES:-}
if [ -z "$cases" ] && [ -n "$needs_cases" ]; then
  command -v cargo >/dev/null || broken "cargo is not there: the suites explain and cost need Rust for the cases of the tests"
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
  cases=$here/target/cases
  rm -rf "$cases"
  mkdir -p "$cases/rewrites"
  start=$SECONDS
  (cd "$project" && INSTA_UPDATE=no TIDEGATE_VERDICTS=$cases/verdicts.json TIDEGATE_WATERMARKS=$cases/watermarks.json \
    TIDEGATE_REWRITES=$cases/rewrites cargo test --locked --quiet --test it -- \
    verdicts::verdicts watermarks::watermarks rewrite::) || broken "the tests that write the cases failed"
  echo "-- cases written in $((SECONDS - start)) s"
fi

work=${CONFORMANCE_WORK:-$here/target/run}
rm -rf "$work"
mkdir -p "$work"

maven() {
  mvn -B -ntp -q "$@" >"$work/maven.log" 2>&1 && return
  cat "$work/maven.log" >&2
  broken "Maven failed with: mvn $*
(if artifacts could not be had: is the registry reachable? nothing is skipped for that)"
}

opens=()
for package in lang lang.invoke math net nio text time util util.concurrent util.concurrent.atomic util.concurrent.locks; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
opens+=(--add-exports=java.base/sun.net.util=ALL-UNNAMED)

outcome=0
for line in "${lines[@]}"; do
  start=$SECONDS
  maven -f "$project/gate-function/pom.xml" package -DskipTests "-Dflink=$line"
  maven -f "$here/pom.xml" compile "-Dflink=$line"
  built=$here/target/flink-$line
  jar=$(echo "$project"/gate-function/target/flink-"$line"/tidegate-gate-function-*-flink-"$line".jar)
  [ -f "$jar" ] || broken "Maven made no $jar"
  echo "-- harness and gate function for Flink $line built in $((SECONDS - start)) s"
  mkdir -p "$work/flink-$line"
  "$java" -Xmx"${CONFORMANCE_HEAP:-3g}" -XX:+UseParallelGC "${opens[@]}" -Duser.timezone=UTC \
    -Dconformance.log="$work/flink-$line/flink.log" \
    -cp "$built/classes:$jar:$(cat "$built/classpath.txt")" tidegate.conformance.Main \
    --flink "$line" --tidegate "$TIDEGATE" --project "$project" --work "$work/flink-$line" --gate-jar "$jar" --cases "${cases:-none}" \
    --summary "$work/flink-$line/summary.txt" ${options[@]+"${options[@]}"} ${suites[@]+"${suites[@]}"} || {
    code=$?
    [ $code -eq 1 ] || broken "the harness ended with $code"
    outcome=1
  }
done

echo
echo "== conformance =="
cat "$work"/flink-*/summary.txt
if [ $outcome -eq 0 ]; then echo "conformance: all as it has to be, $SECONDS s"; else echo "conformance: DIFFERENCES, $SECONDS s"; fi
exit $outcome
