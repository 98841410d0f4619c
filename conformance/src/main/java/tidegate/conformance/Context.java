package tidegate.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where a run happens and what it is run with. */
public final class Context {
    /** tidegate would not rewrite the script; the message is all that it said. */
    public static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }

    private final String flink;
    private final Path project;
    private final Path work;
    private final Path gateJar;
    private final Path cases;
    private final Break planted;
    private final boolean all;
    private final Path binary;
    private final Tidegate tidegate;

    Context(
            String flink,
            Path binary,
            Path project,
            Path work,
            Path gateJar,
            Path cases,
            Break planted,
            boolean all) {
        this.flink = flink;
        this.project = project;
        this.work = work;
        this.gateJar = gateJar;
        this.cases = cases;
        this.planted = planted;
        this.all = all;
        this.binary = binary;
        this.tidegate = new Tidegate(binary);
    }

    /** The line of Flink, {@code 1.20} or {@code 2.3}: what tidegate's {@code --flink-version} takes. */
    public String flink() {
        return flink;
    }

    /** Whether the Flink that runs is of at least this line. */
    public boolean since(int major, int minor) {
        String[] parts = flink.split("\\.");
        int here = Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
        return here >= major * 1000 + minor;
    }

    /** The root of the checkout. */
    public Path project() {
        return project;
    }

    /** A folder for what a suite leaves; it is empty when the run begins. */
    public Path work(String name) throws IOException {
        return Files.createDirectories(work.resolve(name));
    }

    /** The binary of tidegate. */
    public Path binary() {
        return binary;
    }

    /** The gate function for this line of Flink. */
    public Path gateJar() {
        return gateJar;
    }

    /** The folder with the cases that tidegate's own tests have written. */
    public Path cases() {
        return cases;
    }

    /** The wrong gate that this run plants. */
    public Break planted() {
        return planted;
    }

    /** Whether no case is left out to save time. */
    public boolean all() {
        return all;
    }

    /**
     * The script as tidegate rewrites it for this Flink.
     *
     * @param config a tidegate.toml, or null for none
     * @throws Refused if it ends with anything but 0
     */
    public String rewrite(Path script, Path config, String... flags) throws Refused, InterruptedException {
        return text("rewrite", script, config, flags);
    }

    /** What {@code tidegate explain --format json} says, which may be that an INSERT is refused (exit code 1). */
    public String explain(Path script, Path config, String... flags) throws Refused, InterruptedException {
        List<String> more = new ArrayList<>(List.of("--format", "json"));
        more.addAll(Arrays.asList(flags));
        return text("explain", script, config, more.toArray(String[]::new));
    }

    private String text(String command, Path script, Path config, String... flags)
            throws Refused, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command, script.toString()));
        arguments.addAll(config == null ? List.of("--isolated") : List.of("--config", config.toString()));
        arguments.addAll(Arrays.asList(flags));
        if (!arguments.contains("--flink-version")) {
            arguments.addAll(List.of("--flink-version", flink));
        }
        Tidegate.Answer answer = tidegate.ask(arguments);
        boolean done = answer.exit() == 0 || command.equals("explain") && answer.exit() == 1;
        if (!done || answer.out().isEmpty()) {
            throw new Refused("tidegate " + String.join(" ", arguments) + " ended with " + answer.exit() + "\n"
                    + answer.messages());
        }
        return answer.out();
    }
}
