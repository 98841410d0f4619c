package tidegate.conformance.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;

/**
 * The tasks of a job and what goes between them, without names. Operators that are chained are one task.
 *
 * @param tasks how many have which parallelism
 * @param exchanges how many edges go which way; each costs serialisation and, but for FORWARD, the network
 */
record JobShape(Map<Integer, Integer> tasks, Map<String, Integer> exchanges) {
    static JobShape of(JobGraph job) {
        Map<Integer, Integer> tasks = new TreeMap<>();
        Map<String, Integer> exchanges = new TreeMap<>();
        for (JobVertex task : job.getVertices()) {
            tasks.merge(task.getParallelism(), 1, Integer::sum);
            for (JobEdge edge : task.getInputs()) {
                exchanges.merge(edge.getShipStrategyName(), 1, Integer::sum);
            }
        }
        return new JobShape(tasks, exchanges);
    }

    static List<JobShape> of(List<JobGraph> jobs) {
        List<JobShape> shapes = new ArrayList<>();
        jobs.forEach(job -> shapes.add(of(job)));
        return shapes;
    }
}
