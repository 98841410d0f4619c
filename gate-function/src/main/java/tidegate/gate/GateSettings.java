package tidegate.gate;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What a job tells its gates about itself. A function that is made by CREATE FUNCTION has no constructor
 * arguments, so this comes from the job's parameters ({@code pipeline.global-job-parameters}) or, where
 * those say nothing, from environment variables.
 */
final class GateSettings {

    static final String COLOUR = "tidegate.gate.colour";
    static final String PATH = "tidegate.gate.path";
    static final String POLL_INTERVAL_MS = "tidegate.gate.poll-interval-ms";
    static final String IDLE_DONE_MS = "tidegate.gate.idle-done-ms";

    static final long DEFAULT_POLL_INTERVAL_MS = 1_000;

    private static final long LONGEST_MS = 24L * 60 * 60 * 1000;

    /** The colour of this job, which never changes. */
    final Colour colour;

    /** The folder or the file with the state. */
    final Path path;

    final long pollIntervalMs;

    /** After how long without a row a subtask counts as done; 0 is never. */
    final long idleDoneMs;

    private GateSettings(Colour colour, Path path, long pollIntervalMs, long idleDoneMs) {
        this.colour = colour;
        this.path = path;
        this.pollIntervalMs = pollIntervalMs;
        this.idleDoneMs = idleDoneMs;
    }

    /**
     * Reads the settings. Both arguments give null for what they do not know.
     *
     * @throws IllegalArgumentException if one is missing or wrong; the message names it
     */
    static GateSettings read(UnaryOperator<String> parameter, UnaryOperator<String> environment) {
        Setting colour = Setting.required(COLOUR, parameter, environment);
        Setting path = Setting.required(PATH, parameter, environment);
        Setting interval = Setting.find(POLL_INTERVAL_MS, parameter, environment);
        Setting idle = Setting.find(IDLE_DONE_MS, parameter, environment);
        return new GateSettings(
                Colour.parse(colour.name, colour.value),
                path.path(),
                interval == null ? DEFAULT_POLL_INTERVAL_MS : interval.millis(1),
                idle == null ? 0 : idle.millis(0));
    }

    /** The environment variable that stands in for a job parameter. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static final class Setting {
        final String name;
        final String value;

        Setting(String name, String value) {
            this.name = name;
            this.value = value.trim();
        }

        static Setting find(
                String key, UnaryOperator<String> parameter, UnaryOperator<String> environment) {
            String value = parameter.apply(key);
            if (value != null) {
                return new Setting("job parameter " + key, value);
            }
            value = environment.apply(variable(key));
            return value == null ? null : new Setting("environment variable " + variable(key), value);
        }

        static Setting required(
                String key, UnaryOperator<String> parameter, UnaryOperator<String> environment) {
            Setting setting = find(key, parameter, environment);
            if (setting == null) {
                throw new IllegalArgumentException(
                        "a gate needs the job parameter "
                                + key
                                + " (SET 'pipeline.global-job-parameters' = '"
                                + key
                                + ":…') or the environment variable "
                                + variable(key));
            }
            return setting;
        }

        Path path() {
            if (value.isEmpty()) {
                throw new IllegalArgumentException(name + " is empty");
            }
            try {
                return Paths.get(value);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(name + " is no path: " + e.getMessage(), e);
            }
        }

        long millis(long least) {
            long millis;
            try {
                millis = Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        name + " is '" + value + "', but must be a number of milliseconds", e);
            }
            if (millis < least || millis > LONGEST_MS) {
                throw new IllegalArgumentException(
                        name + " is " + millis + ", but must be from " + least + " to " + LONGEST_MS);
            }
            return millis;
        }
    }
}
