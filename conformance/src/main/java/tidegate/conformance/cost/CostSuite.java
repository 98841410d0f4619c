package tidegate.conformance.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidegate.conformance.Context;
import tidegate.conformance.Parallel;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.explain.Exported;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;

/**
 * What gates cost: the job of a gated script has the tasks of the ungated one, at the same parallelism, with the same
 * exchanges; and how many rows go through in a second, as a share of what goes through without a gate.
 */
public final class CostSuite implements Suite {
    private static final String PARALLELISM = "4";
    /** A job that has a two-sided gate differs between the roles; any other in literals only, as explain checks. */
    private static final List<String> ROLES = List.of("outgoing", "incoming");

    /** Every so many-th case is planned. */
    private static final int STEP = 4;

    @Override
    public String name() {
        return "cost";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        Reasons reasons = new Reasons(context, report)
                .read(context.project().resolve("conformance/explained.tsv"), Set.of("tasks", "exchanges"));
        List<Exported> gated = Exported.read(context, "verdicts.json").stream()
                .filter(one -> one.has("first"))
                .toList();
        Parallel.map(Exported.sample(context, gated, STEP), one -> {
            plan(one, reasons, report);
            return null;
        });
        reasons.close(context.all());
        if (context.all() || context.since(2, 3)) {
            Throughput.measure(context, report);
        } else {
            report.skip("throughput", "measured for the newest Flink only, unless all cases are asked for");
        }
    }

    private static void plan(Exported one, Reasons reasons, Report report) {
        Map<String, String> options = Map.of("parallelism.default", PARALLELISM);
        List<JobShape> ungated;
        try {
            ungated = shapes(one, "ungated", options);
        } catch (Session.Rejected e) {
            report.skip(one.name(), "Flink does not plan the ungated script; explain says which");
            return;
        }
        boolean good = true;
        for (String role : ROLES) {
            try {
                List<JobShape> is = shapes(one, role, options);
                if (!tasks(is).equals(tasks(ungated))) {
                    good &= reasons.differs(one.name(), "tasks", role + ": " + is + "\nungated: " + ungated);
                }
                if (!exchanges(is).equals(exchanges(ungated))) {
                    good &= reasons.differs(one.name(), "exchanges", role + ": " + is + "\nungated: " + ungated);
                }
            } catch (Session.Rejected e) {
                good &= reasons.differs(one.name(), "tasks", role + ": " + e.getMessage());
            }
        }
        if (good) {
            report.pass(one.name());
        }
    }

    private static List<JobShape> shapes(Exported one, String script, Map<String, String> options)
            throws Session.Rejected {
        Session session = Session.open(options, new StandIns(StandIns.Where.ALWAYS));
        return JobShape.of(session.jobs(one.statements(script)));
    }

    private static List<Map<Integer, Integer>> tasks(List<JobShape> jobs) {
        List<Map<Integer, Integer>> tasks = new ArrayList<>();
        jobs.forEach(job -> tasks.add(job.tasks()));
        return tasks;
    }

    private static List<Map<String, Integer>> exchanges(List<JobShape> jobs) {
        List<Map<String, Integer>> exchanges = new ArrayList<>();
        jobs.forEach(job -> exchanges.add(job.exchanges()));
        return exchanges;
    }
}
