package tidegate.conformance.submit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.Statements;
import tidegate.conformance.run.Cluster;

/**
 * Rewritten scripts go to Flink the way a user sends them, to the end: through the SQL client and a SQL gateway, and
 * through the script runner of application mode. What both jobs have written is what the script writes without gates.
 */
public final class SubmitSuite implements Suite {
    private static final String CUTOVER = "2026-11-22T12:00:00Z";
    private static final List<String> ROLES = List.of("outgoing", "incoming");
    /** Reads a script in application mode; came with Flink 2.0. */
    private static final String SCRIPT_RUNNER = "org.apache.flink.table.runtime.application.SqlDriver";

    @Override
    public String name() {
        return "submit";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        Path folder = context.project().resolve("conformance/submit");
        List<Path> scripts;
        try (Stream<Path> listed = Files.list(folder)) {
            scripts = listed.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
        }
        try (Cluster cluster = Cluster.start();
                Gateway gateway = Gateway.start(cluster)) {
            for (Path script : scripts) {
                String name = script.getFileName().toString().replace(".sql", "");
                Path work = context.work("submit/" + name);
                Map<String, Integer> expected = ungated(cluster, script, work);
                if (expected.isEmpty()) {
                    throw new IllegalStateException(name + " writes no row");
                }
                String difference = null;
                for (String role : ROLES) {
                    Path file = gated(context, script, role, work, "client");
                    SqlClientRun.Outcome outcome = SqlClientRun.of(gateway.endpoint(), file, work);
                    if (outcome.exit() != 0 || outcome.printed().contains("[ERROR]")) {
                        difference = role + " ended with " + outcome.exit() + "\n" + outcome.printed();
                    }
                }
                settle(report, name + " through the SQL client", difference, expected, work, "client");
                if (!context.since(2, 0)) {
                    report.skip(name + " through the script runner", "Flink 1.20 has no script runner for application mode");
                    continue;
                }
                difference = null;
                for (String role : ROLES) {
                    Path file = gated(context, script, role, work, "application");
                    try {
                        application(cluster, file);
                    } catch (Exception e) {
                        difference = role + " failed: " + e + "\n" + e.getCause();
                    }
                }
                settle(report, name + " through the script runner", difference, expected, work, "application");
            }
        }
    }

    /** Runs it as the bootstrap of an application cluster does: the program's main method, in its own class loader. */
    private static void application(Cluster cluster, Path script) throws Exception {
        Configuration configuration = cluster.client();
        // As in an application that ends with its jobs.
        configuration.setString("table.dml-sync", "true");
        configuration.setString("execution.attached", "true");
        // It shows each statement; that is no part of the report.
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true));
        try (PackagedProgram program = PackagedProgram.newBuilder()
                .setEntryPointClassName(SCRIPT_RUNNER)
                .setConfiguration(configuration)
                .setArguments("--scriptUri", script.toUri().toString())
                .build()) {
            ClientUtils.executeProgram(new DefaultExecutorServiceLoader(), configuration, program, false, false);
        } finally {
            System.setOut(out);
        }
    }

    private static Map<String, Integer> ungated(Cluster cluster, Path script, Path work) throws Exception {
        Path output = work.resolve("ungated");
        Session session = Session.open(cluster.client().toMap(), null);
        session.run(Statements.cut(placed(Files.readString(script), script, output)));
        return rows(List.of(output));
    }

    /** The file with the rewritten script, which waits for its jobs. */
    private static Path gated(Context context, Path script, String role, Path work, String way) throws Exception {
        String rewritten = context.rewrite(script, null, "--role", role, "--cutover", CUTOVER);
        String text = placed(rewritten, script, work.resolve(way + "-" + role));
        Path file = work.resolve(way + "-" + role + ".sql");
        Files.writeString(file, "SET 'table.dml-sync' = 'true';\n" + text);
        return file;
    }

    private static String placed(String text, Path script, Path output) {
        return text.replace("${input}", script.resolveSibling("data").toString())
                .replace("${output}", output.toString());
    }

    private static void settle(
            Report report, String name, String difference, Map<String, Integer> expected, Path work, String way)
            throws IOException {
        if (difference != null) {
            report.fail(name, difference);
            return;
        }
        List<Path> outputs = new ArrayList<>();
        for (String role : ROLES) {
            Path output = work.resolve(way + "-" + role);
            if (rows(List.of(output)).isEmpty()) {
                report.fail(name, role + " wrote no row: the cutover is to lie within the data");
                return;
            }
            outputs.add(output);
        }
        Map<String, Integer> is = rows(outputs);
        if (is.equals(expected)) {
            report.pass(name);
        } else {
            report.fail(name, "the rows of both jobs: " + is + "\nwithout gates: " + expected);
        }
    }

    /** How often each row was written, by table. */
    private static Map<String, Integer> rows(List<Path> outputs) throws IOException {
        Map<String, Integer> rows = new TreeMap<>();
        for (Path output : outputs) {
            if (!Files.exists(output)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(output)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    // What is not committed begins with a dot.
                    if (file.getFileName().toString().startsWith(".")) {
                        continue;
                    }
                    String table = output.relativize(file).getName(0).toString();
                    for (String row : Files.readAllLines(file)) {
                        rows.merge(table + ": " + row, 1, Integer::sum);
                    }
                }
            }
        }
        return rows;
    }
}
