package tidegate.conformance.explain;

import java.util.concurrent.atomic.AtomicInteger;
import tidegate.conformance.Report;
import tidegate.conformance.flink.Session;

/**
 * Cases that Flink does not plan as they are: nothing can be said of a gate there. They are skipped with what Flink says;
 * more than a few mean that the harness is broken, and fail.
 */
final class Unplanned {
    private static final int ONE_IN = 10;
    private static final int LONGEST = 140;

    private final Report report;
    private final AtomicInteger count = new AtomicInteger();

    Unplanned(Report report) {
        this.report = report;
    }

    void add(String name, Session.Rejected why) {
        add(name, why.getMessage());
    }

    void add(String name, String why) {
        count.incrementAndGet();
        String line = why.lines().findFirst().orElse("");
        report.skip(name, "Flink: " + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line));
    }

    void close(String what, int cases) {
        if (count.get() * ONE_IN > cases) {
            report.fail(what, "Flink does not plan " + count + " of " + cases + ", more than one in " + ONE_IN);
        }
    }
}
