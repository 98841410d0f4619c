package tidegate.conformance.run;

import java.net.URI;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** One cluster in this JVM for all jobs, so that a job takes a fraction of a second. */
public final class Cluster implements AutoCloseable {

    final MiniCluster flink;
    private final URI rest;

    private Cluster(MiniCluster flink, URI rest) {
        this.flink = flink;
        this.rest = rest;
    }

    public static Cluster start() throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("rest.bind-port", "0");
        configuration.setString("rest.address", "localhost");
        configuration.setString("taskmanager.memory.managed.size", "256m");
        configuration.setString("taskmanager.memory.network.min", "128m");
        configuration.setString("taskmanager.memory.network.max", "128m");
        // Savepoints of a few bytes: they stay in the metadata file, which is quicker.
        configuration.setString("state.storage.fs.memory-threshold", "1mb");
        configuration.setString("slot.idle.timeout", "50");
        // A machine with much else to do is no failure.
        configuration.setString("pekko.ask.timeout", "60 s");
        configuration.setString("web.timeout", "60000");
        MiniCluster flink =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(32)
                                .build());
        flink.start();
        return new Cluster(flink, flink.getRestAddress().get());
    }

    /** What a table environment needs to submit its jobs here. */
    public Configuration client() {
        Configuration configuration = new Configuration();
        configuration.setString("execution.target", "remote");
        configuration.setString("rest.address", rest.getHost());
        configuration.setString("rest.port", String.valueOf(rest.getPort()));
        configuration.setString("parallelism.default", "1");
        configuration.setString("restart-strategy.type", "none");
        // A watermark behind each row that moves it on, so that which row is late does not hang on the clock.
        configuration.setString("pipeline.auto-watermark-interval", "0 ms");
        return configuration;
    }

    /**
     * How long the rows of a job that has ended took, in milliseconds: from when the last of its tasks began to run, so
     * that neither planning nor deploying counts, to the end of the last. A client would not do as a clock: it asks
     * whether the job has ended with pauses that grow to two seconds.
     */
    public long took(JobID job) throws Exception {
        long start = 0;
        long end = 0;
        for (AccessExecutionVertex task : flink.getExecutionGraph(job).get().getAllExecutionVertices()) {
            start = Math.max(start, task.getStateTimestamp(ExecutionState.RUNNING));
            end = Math.max(end, task.getStateTimestamp(ExecutionState.FINISHED));
        }
        return end - start;
    }

    @Override
    public void close() {
        flink.closeAsync().join();
    }
}
