package tidegate.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a source again and again and keeps what it said last. All gates of a job in one process that read
 * the same path share one poller, so that they also see a change at the same moment.
 *
 * <p>The gates only ever read a field. Whatever goes wrong in a later read leaves the state as it is: a
 * gate goes on by the last thing that was certain.
 */
final class StatePoller {

    private static final Logger LOG = LoggerFactory.getLogger(StatePoller.class);

    /** How long the first state may take: longer than a swap, shorter than the patience of a reader. */
    private static final long FIRST_READ_MS = 5_000;

    private static final Map<String, StatePoller> SHARED = new HashMap<>();

    private final String key;
    private final Path path;
    private final StateSource source;
    private final long intervalMs;
    private volatile TransitionState state;
    private volatile long failures;
    private String lastProblem;
    private Thread thread;
    private int users;

    private StatePoller(String key, Path path, StateSource source, long intervalMs) {
        this.key = key;
        this.path = path;
        this.source = source;
        this.intervalMs = intervalMs;
    }

    /**
     * The poller of a path, which the caller has to {@link #release}. The first caller waits for the first
     * state.
     *
     * @throws IOException if there is no state within a few seconds; the message says what is wrong
     */
    static StatePoller acquire(Path path, long intervalMs) throws IOException, InterruptedException {
        String key = intervalMs + " " + path.toAbsolutePath();
        synchronized (SHARED) {
            StatePoller poller = SHARED.get(key);
            if (poller == null) {
                poller = new StatePoller(key, path, StateSource.of(path), intervalMs);
                poller.readFirst();
                poller.start();
                SHARED.put(key, poller);
            }
            poller.users++;
            return poller;
        }
    }

    /** Gives the poller back. With its last user it stops. */
    void release() {
        synchronized (SHARED) {
            if (--users == 0) {
                SHARED.remove(key);
                thread.interrupt();
            }
        }
    }

    /** The state as of the last read that told it. Never null, never waits. */
    TransitionState state() {
        return state;
    }

    /** How many reads since the start told no state. */
    long failures() {
        return failures;
    }

    private void readFirst() throws IOException, InterruptedException {
        long pause = Math.min(intervalMs, 50);
        long deadline = System.nanoTime() + FIRST_READ_MS * 1_000_000;
        while (true) {
            String problem = readOnce();
            if (state != null) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the gate knows no state: " + problem);
            }
            Thread.sleep(pause);
        }
    }

    private void start() {
        thread = new Thread(this::run, "tidegate-gate " + path);
        thread.setDaemon(true);
        // The thread is not to hold the class loader of the job that happened to be first.
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(intervalMs);
            } catch (InterruptedException e) {
                return;
            }
            readOnce();
        }
    }

    /** Reads once; says what is wrong, or null. */
    private String readOnce() {
        String problem = null;
        try {
            Optional<Map<String, String>> entries = source.read();
            if (entries.isPresent()) {
                TransitionState next = TransitionState.parse(entries.get());
                if (!next.equals(state)) {
                    LOG.info("State in {}: {}", path, next);
                    state = next;
                }
            } else if (state == null) {
                problem = path + " changes all the time";
            }
        } catch (IOException | IllegalArgumentException e) {
            problem = e instanceof IOException ? e.toString() : path + ": " + e.getMessage();
        } catch (RuntimeException e) {
            // The thread must not end: a gate that never learns T goes on as if there were none.
            problem = path + ": " + e;
        }
        if (problem != null && state != null) {
            // Written by this thread only.
            failures = failures + 1;
            if (!Objects.equals(problem, lastProblem)) {
                LOG.error("No new state, going on with the last one ({}): {}", state, problem);
            }
        }
        lastProblem = problem;
        return problem;
    }
}
