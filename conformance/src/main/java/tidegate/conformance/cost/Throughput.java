package tidegate.conformance.cost;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.Statements;
import tidegate.conformance.run.Cluster;

/**
 * Rows a second through a gated job as a share of those through the ungated one. Both run in turns in one JVM, and the
 * quickest run of each counts. Figures, not checks: a machine that does something else beside it moves them.
 */
final class Throughput {
    private static final int ROUNDS = 4;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Throughput() {}

    private record Variant(String name, String script, String pin, double target) {}

    /** Seconds, on the clock and of the processor. The latter hardly sees what else the machine does. */
    private record Time(double clock, double processor) {
        Time or(Time other) {
            return new Time(Math.min(clock, other.clock), Math.min(processor, other.processor));
        }
    }

    static void measure(Context context, Report report) throws Exception {
        List<Variant> variants = List.of(
                new Variant("pass-through, plain gate", "pass-through.sql", "auto", 0.97),
                new Variant("pass-through, pinned gate", "pass-through.sql", "always", 0.85),
                new Variant("window", "window.sql", "auto", 0.97),
                new Variant("interval join", "join.sql", "auto", 0.97));
        try (Cluster cluster = Cluster.start()) {
            for (Variant variant : variants) {
                Path script = context.project().resolve("conformance/cost").resolve(variant.script);
                Path config = context.work("cost").resolve("tidegate.toml");
                Files.writeString(config, "[gate]\npin = \"" + variant.pin + "\"\n");
                String ungated = Files.readString(script);
                String gated = context.rewrite(script, config);
                report.note(compare(cluster, variant, ungated, gated));
                report.pass("throughput: " + variant.name);
            }
        }
    }

    private static String compare(Cluster cluster, Variant variant, String ungated, String gated) throws Exception {
        // The first of each warms up what both use.
        time(cluster, ungated);
        time(cluster, gated);
        Time plain = time(cluster, ungated);
        Time behindGate = time(cluster, gated);
        for (int round = 1; round < ROUNDS; round++) {
            plain = plain.or(time(cluster, ungated));
            behindGate = behindGate.or(time(cluster, gated));
        }
        return String.format(
                Locale.ROOT,
                "throughput gated/ungated, %s: %.2f by the clock, %.2f by processor time (target %.2f); ungated %.2f s",
                variant.name,
                plain.clock / behindGate.clock,
                plain.processor / behindGate.processor,
                variant.target,
                plain.clock);
    }

    private static Time time(Cluster cluster, String script) throws Exception {
        Map<String, String> options = cluster.client().toMap();
        options.put("pipeline.auto-watermark-interval", "200 ms");
        Session session = Session.open(options, null);
        long processor = SYSTEM.getProcessCpuTime();
        long clock = System.nanoTime();
        session.run(Statements.cut(script));
        return new Time((System.nanoTime() - clock) / 1e9, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
    }
}
