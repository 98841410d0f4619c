package tidegate.conformance.cost;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.run.Cluster;

/**
 * Rows a second through a gated job as a share of those through the ungated one. Figures, not checks: a machine that does
 * something else beside it moves them.
 */
final class Throughput {
    /** With all cases: for figures that somebody reads. */
    private static final Pairs.Length LONG = new Pairs.Length(2, 3, 5, 40);
    /** Otherwise: that it runs, and about what comes out. */
    private static final Pairs.Length SHORT = new Pairs.Length(1, 1, 3, 8);
    private static final int LINES = 1_000_000;

    private Throughput() {}

    private record Variant(String name, String script, String pin, double target, Map<String, String> options) {}

    private static final Map<String, String> REUSE = Map.of("pipeline.object-reuse", "true");

    /** 0.97 where the gate is plain or on a window, 0.85 where it is pinned and each row of a source or a join meets it. */
    private static final List<Variant> VARIANTS = List.of(
            new Variant("pass-through, plain gate", "pass-through.sql", "auto", 0.97, Map.of()),
            new Variant("pass-through, pinned gate", "pass-through.sql", "always", 0.85, Map.of()),
            new Variant("pass-through, pinned gate, objects reused", "pass-through.sql", "always", 0.85, REUSE),
            new Variant("lines of JSON, pinned gate", "json.sql", "always", 0.85, Map.of()),
            new Variant("window", "window.sql", "auto", 0.97, Map.of()),
            new Variant("interval join", "join.sql", "auto", 0.85, Map.of()));

    static void measure(Context context, Report report) throws Exception {
        Path work = context.work("cost");
        Path lines = lines(work.resolve("numbers.json"));
        try (Cluster cluster = Cluster.start()) {
            Pairs pairs = new Pairs(cluster, context.all() ? LONG : SHORT);
            for (Variant variant : VARIANTS) {
                Path script = context.project().resolve("conformance/cost").resolve(variant.script);
                Path config = work.resolve("tidegate.toml");
                Files.writeString(config, "[gate]\npin = \"" + variant.pin + "\"\n");
                String ungated = Files.readString(script);
                String gated = context.rewrite(script, config);
                Pairs.Ratios ratios = pairs.of(runnable(ungated, lines), runnable(gated, lines), variant.options);
                report.note(String.format(
                        Locale.ROOT,
                        "throughput gated/ungated, %s: %s (target %.2f: %s)",
                        variant.name,
                        ratios,
                        variant.target,
                        ratios.byClock() < variant.target ? "missed" : "met"));
                report.pass("throughput: " + variant.name);
            }
        }
    }

    private static String runnable(String script, Path lines) {
        return script.replace("'connector' = 'datagen'", "'connector' = 'numbers'")
                .replace("/var/data/numbers.json", lines.toUri().toString());
    }

    /** A file with a line of JSON for each row. */
    private static Path lines(Path file) throws IOException {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int id = 1; id <= LINES; id++) {
                String time = start.plusMillis(id).toString().replace('T', ' ').replace("Z", "");
                writer.write("{\"id\": " + id + ", \"name\": \"rider-" + id % 1000 + "\", \"fare\": " + id % 97
                        + ", \"ts\": \"" + time + "\"}\n");
            }
        }
        return file;
    }
}
