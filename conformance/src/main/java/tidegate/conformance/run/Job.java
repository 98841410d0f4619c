package tidegate.conformance.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/** A script that runs in the cluster: one Flink job for each INSERT that stands alone, one for a statement set. */
public final class Job implements AutoCloseable {

    private static final Pattern CONNECTOR = Pattern.compile("'connector'\\s*=\\s*'(?!memory-)([a-z-]+)'");
    private static final Pattern SET = Pattern.compile("(?is)SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");
    private static final long PATIENCE_S = 180;

    /**
     * How a job is started.
     *
     * @param rows the rows of each table that is read
     * @param options of Flink
     */
    public record Setup(Map<String, Rows> rows, Map<String, String> options) {
        public Setup with(String key, String value) {
            Map<String, String> more = new TreeMap<>(options);
            more.put(key, value);
            return new Setup(rows, more);
        }

        /** Started from this savepoint. */
        public Setup from(String savepoint) {
            return with("execution.state-recovery.path", savepoint);
        }

        /** Sinks write when a savepoint is complete. */
        public Setup committing() {
            return with(Connectors.COMMITS.key(), "true");
        }
    }

    private final Cluster cluster;
    private final Traffic traffic;
    private final List<JobID> jobs = new ArrayList<>();

    private Job(Cluster cluster, Traffic traffic) {
        this.cluster = cluster;
        this.traffic = traffic;
    }

    /** The script's statements are executed; its jobs read all rows, and end behind them. */
    public static Job start(Cluster cluster, String script, Setup setup) throws Exception {
        return start(cluster, script, setup, null, true);
    }

    /**
     * @param until how many rows of each table may be read at first; all if null
     * @param ends whether the input ends behind them
     */
    public static Job start(Cluster cluster, String script, Setup setup, Map<String, Integer> until, boolean ends)
            throws Exception {
        Job job = new Job(cluster, new Traffic(setup.rows));
        job.read(until, ends);
        TableEnvironment env = environment(cluster, setup, job.traffic);
        try {
            for (String statement : Script.statements(inMemory(script))) {
                TableResult result = execute(env, statement);
                if (result != null) {
                    result.getJobClient().ifPresent(client -> job.jobs.add(client.getJobID()));
                }
            }
        } catch (Exception | AssertionError e) {
            job.close();
            throw e;
        }
        if (job.jobs.isEmpty()) {
            throw new IllegalArgumentException("the script starts no job");
        }
        return job;
    }

    /** What Flink says of the first INSERT of a script: its optimized plan. */
    public static String plan(Cluster cluster, String script, Setup setup) throws Exception {
        Traffic traffic = new Traffic(setup.rows);
        try {
            TableEnvironment env = environment(cluster, setup, traffic);
            for (String statement : Script.statements(inMemory(script))) {
                String words = statement.toUpperCase(Locale.ROOT);
                if (words.startsWith("INSERT") || words.startsWith("EXECUTE STATEMENT SET")) {
                    String text = env.explainSql(statement);
                    return text.substring(text.indexOf("== Optimized Execution Plan =="));
                }
                execute(env, statement);
            }
            throw new IllegalArgumentException("the script has no INSERT");
        } finally {
            traffic.forget();
        }
    }

    private static TableEnvironment environment(Cluster cluster, Setup setup, Traffic traffic) {
        Configuration configuration = cluster.client();
        configuration.setString(Connectors.TRAFFIC.key(), traffic.name);
        configuration.setString("table.local-time-zone", "UTC");
        setup.options.forEach(configuration::setString);
        return TableEnvironment.create(
                EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
    }

    private static TableResult execute(TableEnvironment env, String statement) {
        Matcher set = SET.matcher(statement);
        if (set.matches()) {
            env.getConfig().set(set.group(1), set.group(2));
            return null;
        }
        return env.executeSql(statement);
    }

    private static String inMemory(String script) {
        return CONNECTOR.matcher(script).replaceAll("'connector' = 'memory-$1'");
    }

    /** Lets the sources read on: so many rows of each table; all if null. */
    public void read(Map<String, Integer> until, boolean ends) {
        for (Map.Entry<String, Traffic.Feed> feed : traffic.feeds()) {
            feed.getValue().allow(until == null ? Integer.MAX_VALUE : until.get(feed.getKey()), ends);
        }
    }

    /** Waits for the end of all jobs. */
    public Map<String, Traffic.Written> await() throws Exception {
        for (JobID job : jobs) {
            result(job);
        }
        return traffic.sinks();
    }

    private void result(JobID job) throws Exception {
        JobResult result = cluster.flink.requestJobResult(job).get(PATIENCE_S, TimeUnit.SECONDS);
        if (result.getSerializedThrowable().isPresent()) {
            throw new IllegalStateException(
                    "the job failed",
                    result.getSerializedThrowable().get().deserializeError(Job.class.getClassLoader()));
        }
    }

    /** Waits until the sources have handed over what they may read. */
    public void awaitRead() throws Exception {
        await(traffic::isRead, "the sources did not read their rows");
    }

    /** Waits until the lowest watermark of all sinks has come to {@code ms}; false if it does not come. */
    public boolean awaitWatermark(long ms, Duration patience) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (watermark() < ms) {
            if (System.nanoTime() > end) {
                return false;
            }
            checkRuns();
            Thread.sleep(2);
        }
        return true;
    }

    /** The lowest watermark of all sinks, in epoch milliseconds. */
    public long watermark() {
        return traffic.sinks().values().stream()
                .mapToLong(Traffic.Written::watermark)
                .min()
                .orElse(Long.MIN_VALUE);
    }

    /** What was written by now. */
    public Map<String, Traffic.Written> written() {
        return traffic.sinks();
    }

    private void await(java.util.function.BooleanSupplier condition, String complaint) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(complaint);
            }
            checkRuns();
            Thread.sleep(2);
        }
    }

    private void checkRuns() throws Exception {
        for (JobID job : jobs) {
            JobStatus status = cluster.flink.getJobStatus(job).get();
            if (status == JobStatus.FAILED) {
                result(job);
            }
        }
    }

    /** Stops with a savepoint and without draining; the savepoint's path. For a script with one job. */
    public String stop(Path folder) throws Exception {
        return stop(folder, false);
    }

    public String stop(Path folder, boolean drain) throws Exception {
        String savepoint = null;
        for (JobID job : jobs) {
            awaitRunning(job);
            savepoint =
                    cluster.flink
                            .stopWithSavepoint(job, folder.toUri().toString(), drain, SavepointFormatType.CANONICAL)
                            .get(PATIENCE_S, TimeUnit.SECONDS);
        }
        await();
        return savepoint;
    }

    /** Takes a savepoint and lets the job run on. */
    public String savepoint(Path folder) throws Exception {
        awaitRunning(jobs.get(0));
        return cluster.flink
                .triggerSavepoint(jobs.get(0), folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(PATIENCE_S, TimeUnit.SECONDS);
    }

    private void awaitRunning(JobID job) throws Exception {
        await(
                () -> {
                    try {
                        return cluster.flink.getExecutionGraph(job).get().getState() == JobStatus.RUNNING
                                && allTasksRun(job);
                    } catch (InterruptedException | ExecutionException e) {
                        return false;
                    }
                },
                "the job does not run");
    }

    private boolean allTasksRun(JobID job) throws InterruptedException, ExecutionException {
        for (var vertex : cluster.flink.getExecutionGraph(job).get().getAllExecutionVertices()) {
            switch (vertex.getExecutionState()) {
                case RUNNING:
                case FINISHED:
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    /** Cancels what still runs. */
    public void cancel() throws Exception {
        for (JobID job : jobs) {
            if (!cluster.flink.getJobStatus(job).get().isGloballyTerminalState()) {
                cluster.flink.cancelJob(job).get(PATIENCE_S, TimeUnit.SECONDS);
                try {
                    cluster.flink.requestJobResult(job).get(PATIENCE_S, TimeUnit.SECONDS);
                } catch (ExecutionException | CancellationException e) {
                    // It is gone, which was asked for.
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a job cannot be cancelled", e);
        } finally {
            traffic.forget();
        }
    }
}
