package tidegate.conformance.gate;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tidegate.conformance.Break;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;

/**
 * The gate that opens at run time: {@code gate-function/run/run.sh} with the Flink that is on the class path. An outgoing
 * and an incoming job run side by side, T is set while they do, and every row is written once.
 */
public final class GateFunctionSuite implements Suite {
    /** Some minutes are what it takes; a job that hangs is no reason to wait for ever. */
    private static final long MINUTES = 12;

    @Override
    public String name() {
        return "gate-function";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        if (context.planted() != Break.NONE) {
            report.pass("no wrong gate is planted here");
            return;
        }
        Path work = context.work("gate-function");
        Path errors = work.resolve("errors.txt");
        ProcessBuilder command = new ProcessBuilder(
                context.project().resolve("gate-function/run/run.sh").toString(),
                libraries(work.resolve("lib")).toString());
        command.environment().put("TIDEGATE", context.binary().toString());
        // The Java that runs this, whatever stands first on the path.
        command.environment().merge(
                "PATH", Path.of(System.getProperty("java.home"), "bin") + File.pathSeparator, (path, java) -> java + path);
        command.redirectError(errors.toFile());
        Process process = command.start();
        AtomicBoolean late = new AtomicBoolean();
        // Its output is read until it ends, so the clock is another thread's.
        Thread clock = new Thread(() -> {
            try {
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    late.set(true);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        clock.setDaemon(true);
        clock.start();
        List<String> others = new ArrayList<>();
        int failed = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t", -1);
                if (parts.length == 3 && parts[0].equals("pass")) {
                    report.pass(parts[1] + (parts[2].isEmpty() ? "" : ": " + parts[2]));
                } else if (parts.length == 3 && parts[0].equals("FAIL")) {
                    failed++;
                    report.fail(parts[1], parts[2]);
                } else {
                    others.add(line);
                }
            }
        }
        int exit = process.waitFor();
        if (late.get()) {
            report.fail("the suite", "it took more than " + MINUTES + " minutes");
        } else if (exit != 0 && failed == 0) {
            report.fail("the suite", "run.sh ended with " + exit + "\n" + String.join("\n", others) + "\n"
                    + Files.readString(errors));
        }
    }

    /** A folder like lib/ of a distribution, with links to what Maven has put on the class path. */
    private static Path libraries(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            // The function itself is what the script adds as a user does.
            if (name.endsWith(".jar") && !name.startsWith("tidegate-")) {
                Files.createSymbolicLink(folder.resolve(name), jar.toAbsolutePath());
            }
        }
        return folder;
    }
}
