package tidegate.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** A script that runs in a small cluster of its own, to the end of its input. */
final class Job {

    private final CompletableFuture<List<String>> rows;

    private Job(CompletableFuture<List<String>> rows) {
        this.rows = rows;
    }

    /**
     * Starts a script.
     *
     * @param collected the INSERT is not executed; its query is, and the rows are those it yields, each with
     *     its kind. Otherwise the rows are the lines of the files below {@code out}
     */
    static Job start(
            String name, String script, int parallelism, String zone, String parameters, Path out, boolean collected) {
        Configuration conf = new Configuration();
        conf.setString("pipeline.name", name);
        conf.setString("parallelism.default", String.valueOf(parallelism));
        conf.setString("table.local-time-zone", zone);
        // A watermark with each row: with one at intervals of the wall clock, two jobs would not agree on
        // which rows are late.
        conf.setString("pipeline.auto-watermark-interval", "0 ms");
        conf.setString("pipeline.global-job-parameters", parameters);
        conf.setString("metrics.reporter.kept.factory.class", KeptMetrics.class.getName());
        conf.setString("rest.bind-port", "0");
        TableEnvironment env =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(conf).build());
        for (String text : statements(script)) {
            if (!text.startsWith("INSERT INTO")) {
                env.executeSql(text);
            } else if (collected) {
                TableResult result = env.executeSql(text.substring(text.indexOf("SELECT")));
                return new Job(CompletableFuture.supplyAsync(() -> collect(result)));
            } else {
                TableResult result = env.executeSql(text);
                return new Job(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        result.await();
                                        return lines(out);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                }));
            }
        }
        throw new IllegalArgumentException("the script has no INSERT");
    }

    /** What is said of a query that is planned after the script's tables and functions were made. */
    static String refusal(String script, String query) {
        TableEnvironment env =
                TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());
        for (String statement : statements(script)) {
            if (!statement.startsWith("INSERT INTO")) {
                env.executeSql(statement.replace("${ROWS}", "10").replace("${RATE}", "10"));
            }
        }
        try {
            return "planned: " + env.explainSql(query);
        } catch (Exception e) {
            StringBuilder messages = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                messages.append(cause.getMessage()).append('\n');
            }
            return messages.toString();
        }
    }

    private static List<String> statements(String script) {
        return Stream.of(script.replaceAll("(?m)^--.*$", "").split(";\\s*(\n|$)"))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toList());
    }

    /** Waits for the end of the job. */
    List<String> rows() throws Exception {
        return rows.get();
    }

    boolean isOver() {
        return rows.isDone();
    }

    private static List<String> collect(TableResult result) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<Row> iterator = result.collect()) {
            while (iterator.hasNext()) {
                rows.add(iterator.next().toString());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    private static List<String> lines(Path out) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(out)) {
            try (Stream<Path> files = Files.walk(out)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    if (!file.getFileName().toString().startsWith(".")) {
                        lines.addAll(Files.readAllLines(file));
                    }
                }
            }
        }
        return lines;
    }
}
