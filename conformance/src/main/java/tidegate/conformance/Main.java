package tidegate.conformance;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Runs suites against the Flink that is on the class path.
 *
 * <p>Ends with 0 if every case came out as it has to, 1 if one did not, 2 if it was called wrongly.
 */
public final class Main {
    private static final String USAGE =
            """
            Main --flink LINE --tidegate BINARY --project FOLDER --work FOLDER --gate-jar JAR --cases FOLDER
                 --summary FILE [--break boundary|null|pushdown|shape] [--all] [--verbose] [SUITE...]
            """;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> wanted = new ArrayList<>();
        for (int at = 0; at < arguments.length; at++) {
            String argument = arguments[at];
            if (argument.equals("--all") || argument.equals("--verbose")) {
                options.put(argument, "");
            } else if (argument.startsWith("--")) {
                if (at + 1 == arguments.length) {
                    refuse(argument + " needs a value");
                }
                options.put(argument, arguments[++at]);
            } else {
                wanted.add(argument);
            }
        }
        for (String needed : List.of("--flink", "--tidegate", "--project", "--work", "--gate-jar", "--cases", "--summary")) {
            if (!options.containsKey(needed)) {
                refuse(needed + " is missing");
            }
        }
        Break planted = Break.NONE;
        try {
            planted = Break.of(options.getOrDefault("--break", "none"));
        } catch (IllegalArgumentException e) {
            refuse("no wrong gate is called " + options.get("--break"));
        }
        Context context = new Context(
                options.get("--flink"),
                Path.of(options.get("--tidegate")).toAbsolutePath(),
                Path.of(options.get("--project")).toAbsolutePath(),
                Path.of(options.get("--work")).toAbsolutePath(),
                Path.of(options.get("--gate-jar")).toAbsolutePath(),
                Path.of(options.get("--cases")).toAbsolutePath(),
                planted,
                options.containsKey("--all"));

        List<Suite> suites = new ArrayList<>();
        ServiceLoader.load(Suite.class).forEach(suites::add);
        List<String> names = suites.stream().map(Suite::name).toList();
        for (String name : wanted) {
            if (!names.contains(name)) {
                refuse("no suite is called " + name + "; there are " + String.join(", ", names));
            }
        }

        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StringBuilder summary = new StringBuilder();
        int failures = 0;
        int cases = 0;
        for (Suite suite : suites) {
            if (!wanted.isEmpty() && !wanted.contains(suite.name())) {
                continue;
            }
            Report report = new Report(suite.name(), out, options.containsKey("--verbose"));
            out.println("-- " + suite.name() + ", Flink " + context.flink());
            long start = System.nanoTime();
            try {
                suite.run(context, report);
            } catch (Exception | LinkageError | AssertionError e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                report.fail("the suite", trace.toString());
            }
            if (report.passed() + report.failures() == 0) {
                report.fail("the suite", "it had no case");
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            failures += report.failures();
            cases += report.passed() + report.failures() + report.skips();
            summary.append(summaryOf(context, report, seconds));
        }
        Files.writeString(Path.of(options.get("--summary")), summary);
        out.print(summary);
        // Threads of a cluster may be left.
        System.exit(failures == 0 && cases > 0 ? 0 : 1);
    }

    private static String summaryOf(Context context, Report report, double seconds) {
        int cases = report.passed() + report.failures() + report.skips();
        StringBuilder text = new StringBuilder(String.format(
                "%-5s %-13s %6d cases %6d passed %4d failed %4d skipped %7.1f s%n",
                context.flink(), report.suite(), cases, report.passed(), report.failures(), report.skips(), seconds));
        report.skipped().forEach((reason, names) -> text.append("        skipped ")
                .append(names.size())
                .append(": ")
                .append(reason)
                .append(names.size() <= 6 ? " (" + String.join(", ", names) + ")" : "")
                .append('\n'));
        report.notes().forEach(note -> text.append("        ")
                .append(note.strip().replace("\n", "\n        "))
                .append('\n'));
        return text.toString();
    }

    private static void refuse(String why) {
        System.err.println(why + "\n" + USAGE);
        System.exit(2);
    }
}
