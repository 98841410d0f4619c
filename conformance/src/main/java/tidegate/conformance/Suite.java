package tidegate.conformance;

/** A set of cases that are asked of one Flink. Suites are found by {@link java.util.ServiceLoader}. */
public interface Suite {
    /** One word, by which it is asked for on the command line. */
    String name();

    /**
     * Runs all cases.
     *
     * @throws Exception if the suite itself cannot go on; that is a failed case of its own
     */
    void run(Context context, Report report) throws Exception;
}
