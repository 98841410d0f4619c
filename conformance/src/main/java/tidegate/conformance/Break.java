package tidegate.conformance;

import java.util.Locale;

/** A wrong gate that is planted into rewritten scripts, so that a suite can be seen to fail. */
public enum Break {
    /** Nothing is planted. */
    NONE,
    /** The row at T belongs to both jobs: {@code <} becomes {@code <=}. */
    BOUNDARY,
    /** A row without a gate time belongs to no job: COALESCE is left out. */
    NULL,
    /** The barrier that keeps Flink from pushing a gate down is left out. */
    PUSHDOWN,
    /** The gate stands on the time of one side only. */
    SHAPE;

    /** @throws IllegalArgumentException if there is no such kind */
    static Break of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
