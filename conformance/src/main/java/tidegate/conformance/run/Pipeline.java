package tidegate.conformance.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tidegate.conformance.Break;
import tidegate.conformance.Context;

/**
 * A script with what is needed to run it. It stands in the comment lines at the front of the file:
 *
 * <pre>
 * -- @rows TABLE FILE         rows/FILE.csv are the rows of the table; unless given, rows/TABLE.csv
 * -- @cutover 00:10:00  WHY   a T, as a time of 2026-01-01 in UTC or a whole time stamp without zone
 * -- @past PT1M               how far behind T the outgoing job's input ends in a torn run
 * -- @settled PT6M            how far behind T it ends where the sinks' watermark has to pass T; as @past unless given
 * -- @zone Asia/Tokyo         session time zones in which all is run; UTC unless given
 * -- @since 2.1 WHY           the first line of Flink that plans it, or for which tidegate gates it
 * -- @before 2.1             the first line of Flink that it is no case for
 * -- @adopted refused 1.20=kept   what becomes of the state of the job without gates; kept unless given
 * -- @explained same-plan    what explain says of it where that is something else
 * -- @parallelism 2
 * -- @option KEY VALUE        an option of Flink
 * -- @flag --late handover    a flag of tidegate
 * -- @config LINE             a line of tidegate.toml
 * -- @shows boundary shape    which wrong gates, once planted, these rows show
 * -- @how batch             how a refused query is run, where that is not beside each other to the end of all rows:
 *                           by batch jobs one behind the other, or with T on the clock, and which job reads before it
 * </pre>
 */
public record Pipeline(
        String name,
        Path file,
        String script,
        List<String> cutovers,
        Duration past,
        Duration settled,
        List<String> zones,
        String since,
        int parallelism,
        Map<String, String> options,
        List<String> flags,
        String config,
        Map<String, Path> files,
        Set<Break> shows,
        String before,
        List<String> refused,
        String expect,
        List<String> how,
        Map<String, String> adopted,
        String explained) {

    public static List<Pipeline> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Pipeline> all = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".sql")).sorted().toList()) {
                all.add(read(file));
            }
            return all;
        }
    }

    public static Pipeline read(Path file) throws IOException {
        String script = Files.readString(file);
        List<String> cutovers = new ArrayList<>();
        List<String> zones = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        Map<String, String> options = new TreeMap<>();
        Map<String, Path> files = new TreeMap<>();
        Set<Break> shows = EnumSet.noneOf(Break.class);
        StringBuilder config = new StringBuilder();
        Duration past = Duration.ofMinutes(1);
        Duration settled = null;
        String since = "1.20";
        String before = "";
        String expect = "";
        List<String> how = List.of();
        String explained = "";
        Map<String, String> adopted = new TreeMap<>();
        List<String> refused = new ArrayList<>();
        int parallelism = 1;
        for (String line : script.split("\n")) {
            if (!line.startsWith("-- @")) {
                continue;
            }
            String[] parts = line.substring(4).strip().split("\\s+", 3);
            switch (parts[0]) {
                case "rows" -> files.put(parts[1], rowsOf(file, parts[2]));
                case "cutover" -> cutovers.add(parts[1]);
                case "past" -> past = Duration.parse(parts[1]);
                case "settled" -> settled = Duration.parse(parts[1]);
                case "zone" -> zones.add(parts[1]);
                case "adopted" -> {
                    for (String part : line.substring("-- @adopted ".length()).strip().split("\\s+")) {
                        String[] one = part.split("=");
                        adopted.put(one.length == 1 ? "" : one[0], one[one.length - 1]);
                    }
                }
                case "explained" -> explained = line.substring("-- @explained ".length()).strip();
                case "before" -> before = parts[1];
                case "refused" -> refused.addAll(List.of(line.substring("-- @refused ".length()).split("\\s+")));
                case "expect" -> expect = parts[1];
                case "how" -> how = List.of(line.substring("-- @how ".length()).strip().split("\\s+"));
                case "ungated", "forced" -> {}
                case "since" -> since = parts[1];
                case "parallelism" -> parallelism = Integer.parseInt(parts[1]);
                case "option" -> options.put(parts[1], parts[2]);
                case "flag" -> flags.addAll(List.of(line.substring(4).strip().split("\\s+")).subList(1, parts.length));
                case "shows" -> {
                    for (String kind : line.substring("-- @shows ".length()).strip().split("\\s+")) {
                        shows.add(Break.valueOf(kind.toUpperCase(Locale.ROOT)));
                    }
                }
                case "config" -> config.append(line.substring("-- @config ".length())).append('\n');
                default -> throw new IOException(file + ": unknown: " + line);
            }
        }
        if (cutovers.isEmpty()) {
            throw new IOException(file + ": no @cutover");
        }
        String name = file.getFileName().toString().replace(".sql", "");
        return new Pipeline(
                name,
                file,
                script,
                cutovers,
                past,
                settled == null ? past : settled,
                zones.isEmpty() ? List.of("UTC") : zones,
                since,
                parallelism,
                options,
                flags,
                config.toString(),
                files,
                shows,
                before,
                refused,
                expect,
                how,
                adopted,
                explained);
    }

    /** The rows of each table that the script declares and that there are rows for. */
    public Map<String, Rows> rows() {
        Map<String, Rows> rows = new TreeMap<>();
        var tables = java.util.regex.Pattern.compile("CREATE (?:TEMPORARY )?TABLE `?(\\w+)").matcher(script);
        while (tables.find()) {
            String table = tables.group(1);
            Path path = files.getOrDefault(table, rowsOf(file, table));
            if (Files.exists(path)) {
                rows.put(table, Rows.read(path));
            } else if (files.containsKey(table)) {
                throw new IllegalArgumentException(file + ": no rows in " + path);
            }
        }
        return rows;
    }

    private static Path rowsOf(Path script, String name) {
        Path beside = script.resolveSibling("rows");
        Path folder = Files.exists(beside) ? beside : script.getParent().resolveSibling("rows");
        return folder.resolve(name + ".csv");
    }

    /** What becomes of the state of the job without gates in its first form, as the pipeline has it for this Flink. */
    public String adopted(Context context) {
        return adopted.getOrDefault(context.flink(), adopted.getOrDefault("", "kept"));
    }

    /** Is this version of Flink in the range that the pipeline is for? */
    public boolean runsIn(Context context) {
        return since(context, since) && (before.isEmpty() || !since(context, before));
    }

    private static boolean since(Context context, String line) {
        String[] parts = line.split("\\.");
        return context.since(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** How many rows of each table arrive until its event time has first come to {@code ms}. */
    public static Map<String, Integer> until(Map<String, Rows> rows, long ms) {
        Map<String, Integer> until = new TreeMap<>();
        rows.forEach((table, all) -> until.put(table, all.until(ms)));
        return until;
    }

    public static Instant instant(String cutover) {
        return Rows.instant(cutover);
    }
}
