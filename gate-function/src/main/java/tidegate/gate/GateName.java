package tidegate.gate;

import java.util.Objects;

/**
 * The first argument of a gate: the name of the sink and the side on which the gate stands.
 *
 * <p>A query that only appends has one gate, and its name is the name of the sink. An updating query
 * has two: {@code NAME:opens} at the sink and {@code NAME:closes} behind each source.
 */
public final class GateName {

    /** Where a gate stands. */
    public enum Side {
        /** Before the sink of a query that only appends. */
        ALONE,
        /** At the sink of an updating query. */
        OPENS,
        /** Behind a source of an updating query. */
        CLOSES
    }

    private final String text;
    private final Side side;

    private GateName(String text, Side side) {
        this.text = text;
        this.side = side;
    }

    /**
     * Reads the name of a gate.
     *
     * @throws IllegalArgumentException if there is none, or if it has a side that is unknown
     */
    public static GateName parse(String text) {
        if (text == null || text.trim().isEmpty()) {
            throw new IllegalArgumentException(
                    "the first argument of a gate is the name of its sink, but it is "
                            + (text == null ? "NULL" : "empty"));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new GateName(text, Side.ALONE);
        }
        String side = text.substring(colon + 1);
        if (colon > 0 && side.equals("opens")) {
            return new GateName(text, Side.OPENS);
        }
        if (colon > 0 && side.equals("closes")) {
            return new GateName(text, Side.CLOSES);
        }
        // A gate with a mistyped side would hold back other rows than the gate on the other side lets
        // through. So a sink with a colon in its name is refused rather than guessed at.
        throw new IllegalArgumentException(
                "the gate '"
                        + text
                        + "' has an unknown side '"
                        + side
                        + "': a name is SINK, NAME:opens or NAME:closes");
    }

    public Side side() {
        return side;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GateName && ((GateName) other).text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
