#!/usr/bin/env bash
# Runs the gate function in a real Flink: outgoing and incoming jobs side by side, the cutover set while they run.
#
#   run/run.sh LIB [CASE...]
#
# LIB is the folder lib/ of a Flink distribution (1.20, or 2.1 and later). A case is the beginning of a name like
# ptf/windows/4; all are run if none is given. TIDEGATE names the binary that prints the scripts. Needs a JDK 17
# and the jar for that line of Flink (mvn package, mvn package -Dflink=1.20).
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
lib=$(realpath "$1")
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tidegate=${TIDEGATE:-tidegate}

version=$(basename "$lib"/flink-table-runtime-*.jar .jar)
version=${version#flink-table-runtime-}
case $version in
  1.20.*) line=1.20 kinds=(function) ;;
  2.[1-9]*) line=2.3 kinds=(function ptf) ;;
  *) echo "no Flink 1.20 or 2.1 and later in $lib" >&2; exit 2 ;;
esac
jar=$(echo "$here"/../target/flink-$line/tidegate-gate-function-*-flink-$line.jar)
[ -f "$jar" ] || { echo "no jar for Flink $line: mvn package comes first" >&2; exit 2; }
jar=$(realpath "$jar")

work=$here/target/$version
rm -rf "$work"
mkdir -p "$work/classes" "$work/scripts/plain"
classpath=$(printf '%s:' "$lib"/*.jar)
javac --release 17 -d "$work/classes" -cp "$classpath" "$here"/src/tidegate/run/*.java
cp -r "$here/resources/." "$work/classes"

cp "$here"/sql/*.sql "$work/scripts/plain"
for kind in "${kinds[@]}"; do
  mkdir "$work/scripts/$kind"
  class=tidegate.gate.GateFunction
  [ "$kind" = ptf ] && class=tidegate.gate.ptf.GateTableFunction
  cat >"$work/$kind.toml" <<TOML
[flink]
version = "${version%.*}"
[watermark]
delay = "200 ms"
[gate]
kind = "$kind"
[gate.function]
class = "$class"
jar = "file://$jar"
[tables.rides]
column = "ts"
TOML
  for sql in "$here"/sql/*.sql; do
    name=$(basename "$sql")
    # A process table function takes no updates, so there is no such script.
    [ "$kind/$name" = ptf/sums.sql ] && continue
    "$tidegate" rewrite "$sql" --config "$work/$kind.toml" -o "$work/scripts/$kind/$name" 2>"$work/messages" ||
      { cat "$work/messages" >&2; exit 1; }
  done
done

cd "$work"
opens=()
for package in util lang time nio; do opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED"); done
exec java -Xmx2g -XX:+UseSerialGC "${opens[@]}" -Dlog4j2.level=ERROR -Dlog4j2.disable.jmx=true \
  -cp "$work/classes:$classpath" tidegate.run.GateRun "$work/scripts" "$work/out" "$@"
