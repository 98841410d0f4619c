package tidegate.conformance.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.types.Row;
import tidegate.conformance.Break;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;

/**
 * Each pipeline of {@code pipelines/} is run without gates, in the role {@code first}, and for each of its cutovers
 * as outgoing and as incoming job; what both wrote has to be what the one wrote.
 *
 * <p>For each cutover there are three cases: {@code whole}, both jobs read everything; {@code torn}, the outgoing
 * job's input ends soon after T, so that Flink ends all windows; {@code stopped}, the outgoing job is stopped with a
 * savepoint and without draining once the watermark of its sinks has passed T, as the cutover procedure says. And
 * {@code plan}: what stands below the gate is what stood there without it.
 */
public final class RunSuite implements Suite {

    /** So many pipelines run at once: a job is mostly waiting. */
    private static final int AT_ONCE = 4;

    private final AtomicInteger jobs = new AtomicInteger();

    @Override
    public String name() {
        return "run";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        List<Pipeline> pipelines = Pipeline.all(context.project().resolve("conformance/pipelines"));
        String only = System.getProperty("conformance.pipelines", "");
        try (Cluster cluster = Cluster.start()) {
            ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
            for (Pipeline pipeline : pipelines) {
                if (!pipeline.name().matches(only.isEmpty() ? ".*" : only)) {
                    continue;
                }
                if (context.planted() != Break.NONE && !pipeline.shows().contains(context.planted())) {
                    report.skip(pipeline.name(), "its rows do not show this wrong gate");
                    continue;
                }
                if (!pipeline.runsIn(context)) {
                    report.skip(pipeline.name(), "from Flink " + pipeline.since() + " on");
                    continue;
                }
                for (String zone : pipeline.zones()) {
                    pool.execute(() -> {
                        String name = pipeline.name() + (pipeline.zones().size() > 1 ? " in " + zone : "");
                        try {
                            new Case(context, report, cluster, pipeline, zone, name).run();
                        } catch (Exception | AssertionError e) {
                            report.fail(name, Failures.text(e));
                        }
                    });
                }
            }
            pool.shutdown();
            if (!pool.awaitTermination(30, TimeUnit.MINUTES)) {
                report.fail("the suite", "it took more than 30 minutes");
            }
        }
        report.note(jobs.get() + " jobs of Flink");
    }

    /** One pipeline in one time zone. */
    private final class Case {
        private final Context context;
        private final Report report;
        private final Cluster cluster;
        private final Pipeline pipeline;
        private final Job.Setup setup;
        private final String name;
        private final Path folder;
        private final int most;
        private Map<String, Traffic.Written> ungated;

        Case(Context context, Report report, Cluster cluster, Pipeline pipeline, String zone, String name)
                throws Exception {
            this.context = context;
            this.report = report;
            this.cluster = cluster;
            this.pipeline = pipeline;
            this.name = name;
            Map<String, String> options = new TreeMap<>(pipeline.options());
            options.put("table.local-time-zone", zone);
            options.put("parallelism.default", String.valueOf(pipeline.parallelism()));
            this.setup = new Job.Setup(pipeline.rows(), options);
            // To save time: not all cutovers are asked in all time zones, and a wrong gate is to be seen at the first.
            boolean firstZone = zone.equals(pipeline.zones().get(0));
            this.most =
                    context.planted() != Break.NONE ? 1 : context.all() ? Integer.MAX_VALUE : firstZone ? 2 : 1;
            this.folder = context.work("run-" + name.replaceAll("[^A-Za-z0-9-]+", "-"));
        }

        void run() throws Exception {
            String gated = rewritten("outgoing", pipeline.cutovers().get(0));
            String spoiled = Planted.into(gated, context.planted());
            if (context.planted() != Break.NONE && spoiled.equals(gated)) {
                report.fail(name, "this switch spoils nothing here, so nothing can be seen");
                return;
            }
            plan(spoiled);
            ungated = finish(pipeline.script());
            for (Map.Entry<String, Traffic.Written> sink : ungated.entrySet()) {
                if (sink.getValue().rows().isEmpty()) {
                    report.fail(name, "the ungated job writes nothing into " + sink.getKey());
                }
            }
            check("first", finish(rewritten("first", null)), Map.of(), Set.of());
            for (String cutover : pipeline.cutovers().subList(0, Math.min(most, pipeline.cutovers().size()))) {
                cutover(cutover);
            }
        }

        /** The gate changes nothing below it: the same operators with state, exchanges and sources. */
        private void plan(String gated) throws Exception {
            List<String> before = Plans.kept(Job.plan(cluster, pipeline.script(), setup));
            List<String> after = Plans.kept(Job.plan(cluster, gated, setup));
            if (before.equals(after)) {
                report.pass(name + " plan");
            } else {
                report.fail(name + " plan", "without gate " + before + "\nwith gate    " + after);
            }
        }

        private void cutover(String cutover) throws Exception {
            String at = " T=" + cutover + " ";
            long ms = Pipeline.instant(cutover).toEpochMilli();
            String outgoing = Planted.into(rewritten("outgoing", cutover), context.planted());
            String incoming = Planted.into(rewritten("incoming", cutover), context.planted());
            // Both run at once, and so do the others that need no answer of theirs.
            Map<String, Integer> soon = Pipeline.until(setup.rows(), ms + pipeline.past().toMillis());
            Map<String, Integer> settled = Pipeline.until(setup.rows(), ms + pipeline.settled().toMillis());
            try (Job out = start(outgoing, null, true);
                    Job in = start(incoming, null, true);
                    Job torn = start(outgoing, soon, true);
                    Job stopped = start(outgoing, settled, false)) {
                Map<String, Traffic.Written> second = in.await();
                Map<String, Traffic.Written> first = out.await();
                for (String sink : ungated.keySet()) {
                    if (rows(first, sink).isEmpty() || rows(second, sink).isEmpty()) {
                        report.fail(name + at + "whole", "one of the jobs writes nothing into " + sink);
                    }
                }
                check(at + "whole", first, second, Set.of());
                check(at + "torn", torn.await(), second, Set.of());
                if (!stopped.awaitWatermark(ms, Duration.ofSeconds(10))) {
                    report.fail(name + at + "stopped", "the watermark of the outgoing job's sinks stays below T");
                } else {
                    stopped.awaitRead();
                    stopped.stop(folder);
                    check(at + "stopped", stopped.written(), second, Set.of());
                }
            }
        }

        private String rewritten(String role, String cutover) throws Exception {
            List<String> flags = new ArrayList<>(pipeline.flags());
            flags.addAll(List.of("--role", role));
            if (cutover != null) {
                flags.addAll(List.of("--cutover", Pipeline.instant(cutover).toString()));
            }
            Path config = null;
            if (!pipeline.config().isEmpty()) {
                config = Files.writeString(folder.resolve("tidegate.toml"), pipeline.config());
            }
            String text = context.rewrite(pipeline.file(), config, flags.toArray(String[]::new));
            Files.writeString(folder.resolve(role + (cutover == null ? "" : cutover.replace(":", "")) + ".sql"), text);
            return text;
        }

        private Job start(String script, Map<String, Integer> until, boolean ends) throws Exception {
            jobs.incrementAndGet();
            return Job.start(cluster, script, setup, until, ends);
        }

        private Map<String, Traffic.Written> finish(String script) throws Exception {
            try (Job job = start(script, null, true)) {
                return job.await();
            }
        }

        private void check(
                String what,
                Map<String, Traffic.Written> first,
                Map<String, Traffic.Written> second,
                Set<String> none) {
            String one = name + (what.startsWith(" ") ? what : " " + what);
            Set<String> sinks = new TreeSet<>(ungated.keySet());
            sinks.addAll(first.keySet());
            boolean same = true;
            for (String sink : sinks) {
                List<Row> wanted = ungated.get(sink).rows();
                int[] key = ungated.get(sink).key();
                List<Row> out = rows(first, sink);
                List<Row> in = rows(second, sink);
                Compare.Difference difference =
                        key.length == 0
                                ? Compare.multisets(wanted, List.of(out, in))
                                : Compare.tables(key, wanted, List.of(out, in));
                if (!difference.none()) {
                    report.fail(one, sink + ": " + difference);
                    same = false;
                }
                if (key.length > 0 && !second.isEmpty()) {
                    same &= race(one, sink, key, wanted, out, in);
                }
            }
            if (same) {
                report.pass(one);
            }
        }

        /**
         * The writes of the outgoing job come last. Then a key that both wrote may hold what the outgoing job wrote
         * last, which is the condition {@code two-writers}; all others are as they have to be.
         */
        private boolean race(String one, String sink, int[] key, List<Row> wanted, List<Row> out, List<Row> in) {
            Set<String> both = new TreeSet<>(Compare.keys(key, out));
            both.retainAll(new TreeSet<>(Compare.keys(key, in)));
            Map<String, String> expected = Compare.table(key, List.of(wanted));
            Map<String, String> turned = Compare.table(key, List.of(in, out));
            Map<String, String> last = Compare.table(key, List.of(out));
            List<String> wrong = new ArrayList<>();
            Set<String> keys = new TreeSet<>(expected.keySet());
            keys.addAll(turned.keySet());
            for (String at : keys) {
                String should = both.contains(at) ? last.get(at) : expected.get(at);
                if (!java.util.Objects.equals(should, turned.get(at))) {
                    wrong.add(at + " is " + turned.get(at) + " and should be " + should);
                }
            }
            if (!wrong.isEmpty()) {
                report.fail(one, sink + ", the outgoing job's writes last: " + wrong);
            }
            return wrong.isEmpty();
        }
    }

    private static List<Row> rows(Map<String, Traffic.Written> sinks, String sink) {
        return sinks.containsKey(sink) ? sinks.get(sink).rows() : List.of();
    }
}
