package tidegate.conformance.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;

/** A query that overwrites: in batch jobs, one behind the other, over files and with Flink's own connector. */
final class Overwritten {
    private static final String DATA = "/var/data/";
    /** What the connector says of a streaming job. */
    private static final String BATCH_ONLY = "Streaming mode not support overwrite";

    private Overwritten() {}

    static Map<String, Compare.Difference> run(
            Cluster cluster, Pipeline pipeline, Path folder, String ungated, String forced) throws Exception {
        String literal = "TIMESTAMP '2026-01-01 " + pipeline.cutovers().get(0) + ".000'";
        input(pipeline.rows(), folder);
        try {
            execute(cluster, placed(ungated, folder, "streaming"), false);
            throw new IllegalStateException("Flink overwrites in a streaming job: it has to be run as one");
        } catch (Exception e) {
            if (!Failures.text(e).contains(BATCH_ONLY)) {
                throw e;
            }
        }
        execute(cluster, placed(ungated, folder, "whole"), true);
        execute(cluster, placed(RefusedSuite.role(forced, RefusedSuite.FIRST, literal), folder, "both"), true);
        execute(cluster, placed(RefusedSuite.role(forced, literal, RefusedSuite.LAST), folder, "both"), true);
        return Map.of("whole", Compare.multisets(lines(folder.resolve("whole")), List.of(lines(folder.resolve("both")))));
    }

    /** The tables that have rows are read, the others go into a folder of the run. */
    private static String placed(String script, Path folder, String run) {
        return script.replace(DATA + "orders", folder.resolve("orders.csv").toUri().toString())
                .replace(DATA, folder.resolve(run).toUri() + "/");
    }

    /** The rows as Flink's CSV has them. */
    private static void input(Map<String, Rows> tables, Path folder) throws IOException {
        for (Map.Entry<String, Rows> table : tables.entrySet()) {
            Rows rows = table.getValue();
            List<String> lines = new ArrayList<>();
            for (Rows.Line line : rows.lines()) {
                List<String> fields = new ArrayList<>(line.fields());
                fields.set(rows.eventTime(), "2026-01-01 " + fields.get(rows.eventTime()));
                lines.add(String.join(",", fields));
            }
            Files.write(folder.resolve(table.getKey() + ".csv"), lines);
        }
    }

    private static void execute(Cluster cluster, String script, boolean batch) throws Exception {
        Configuration configuration = cluster.client();
        configuration.setString("table.local-time-zone", "UTC");
        EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance().withConfiguration(configuration);
        TableEnvironment env =
                TableEnvironment.create((batch ? settings.inBatchMode() : settings.inStreamingMode()).build());
        for (String statement : Script.statements(script)) {
            env.executeSql(statement).await();
        }
    }

    private static List<Row> lines(Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).collect(Collectors.toList())) {
                Files.readAllLines(file).forEach(line -> rows.add(Row.of(line)));
            }
        }
        return rows;
    }
}
