package tidegate.conformance;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of the cases of one suite. Cases may report from several threads. */
public final class Report {
    private final String suite;
    private final PrintStream out;
    private final boolean verbose;
    private final Map<String, List<String>> skipped = new TreeMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private int passed;

    Report(String suite, PrintStream out, boolean verbose) {
        this.suite = suite;
        this.out = out;
        this.verbose = verbose;
    }

    /** The case came out as it has to. */
    public synchronized void pass(String caseName) {
        passed++;
        if (verbose) {
            out.println("  pass  " + caseName);
        }
    }

    /** The case came out otherwise. {@code why} may have several lines. */
    public synchronized void fail(String caseName, String why) {
        String earlier = failed.put(caseName, why);
        if (earlier != null) {
            failed.put(caseName, earlier + "\n" + why);
        }
        out.println("  FAIL  " + caseName + "\n        " + why.strip().replace("\n", "\n        "));
    }

    /** The case was not run. Cases with the same reason are counted together. */
    public synchronized void skip(String caseName, String reason) {
        skipped.computeIfAbsent(reason, key -> new ArrayList<>()).add(caseName);
    }

    /** A figure or a remark for the reader; decides nothing. */
    public synchronized void note(String text) {
        notes.add(text);
        out.println("  note  " + text.strip().replace("\n", "\n        "));
    }

    synchronized int passed() {
        return passed;
    }

    synchronized int failures() {
        return failed.size();
    }

    synchronized int skips() {
        return skipped.values().stream().mapToInt(List::size).sum();
    }

    synchronized Map<String, List<String>> skipped() {
        return new TreeMap<>(skipped);
    }

    synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    String suite() {
        return suite;
    }
}
