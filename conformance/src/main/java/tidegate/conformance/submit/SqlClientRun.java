package tidegate.conformance.submit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Flink's SQL client, in a process of its own, with a script file. */
final class SqlClientRun {
    private static final long PATIENCE_S = 300;

    /** What a run ended with and printed. */
    record Outcome(int exit, String printed) {}

    private SqlClientRun() {}

    /** Runs {@code sql-client gateway --endpoint ENDPOINT -f SCRIPT}. */
    static Outcome of(String endpoint, Path script, Path work) throws IOException, InterruptedException {
        Path conf = Files.createDirectories(work.resolve("conf"));
        for (String file : List.of("config.yaml", "flink-conf.yaml")) {
            if (!Files.exists(conf.resolve(file))) {
                Files.writeString(conf.resolve(file), "# nothing\n");
            }
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-")) {
                command.add(argument);
            }
        }
        Path log = Files.createTempFile(work, "client", ".log");
        command.addAll(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dconformance.log=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.flink.table.client.SqlClient",
                "gateway",
                "--endpoint",
                endpoint,
                // Not the user's own.
                "--history",
                work.resolve("history").toString(),
                "-f",
                script.toString()));
        Path printed = Files.createTempFile(work, "client", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().put("FLINK_CONF_DIR", conf.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Outcome(-1, "no end within " + PATIENCE_S + " s\n" + Files.readString(printed));
        }
        return new Outcome(process.exitValue(), Files.readString(printed));
    }
}
