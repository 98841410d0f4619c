package tidegate.gate;

/**
 * Which rows a gate lets through. A rule follows from colour, state and side ({@link #of}), and stays
 * the same until the state changes; per row only {@link #passes} is asked.
 *
 * <p>The rules for {@link GateName.Side#ALONE} are the decision table of FLIP-504. The two sides of an
 * updating query compare times only: what comes late below T still belongs to the outgoing job, because
 * at the sink of such a query no watermark can tell when the incoming one should take it over.
 *
 * <p>One case differs from FLIP-504 on purpose: a first deployment of the other colour. There a job lets
 * all rows through, beside the one that writes them all; here it fails.
 */
enum Rule {
    ALL("lets all rows through"),
    NONE("holds all rows back until the cutover is known"),
    BELOW("lets the rows below T through"),
    FROM("lets the rows from T on through"),
    BELOW_THEN_NONE("lets the rows below T through, and none once the watermark has passed T"),
    FROM_THEN_ALL("lets the rows from T on through, and all once the watermark has passed T");

    /** The time of a row without one: older than any T. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** The watermark where none is known: it has not passed any T. */
    static final long NO_WATERMARK = Long.MIN_VALUE;

    final String text;

    Rule(String text) {
        this.text = text;
    }

    /**
     * The rule of a gate.
     *
     * @throws IllegalStateException if the state says that the other colour runs alone: this job was given
     *     up, or was started before the state knew of it, or has the wrong colour
     */
    static Rule of(GateName.Side side, Colour own, TransitionState state) {
        if (state.isFirstDeployment() && own != state.active()) {
            throw new IllegalStateException(
                    "this job is "
                            + own
                            + ", but by the state "
                            + state.active()
                            + " runs alone and writes all rows: "
                            + state);
        }
        boolean known = state.cutover().isPresent();
        if (own == state.active()) {
            // The job that writes, or the incoming one.
            if (state.isFirstDeployment() || side == GateName.Side.CLOSES) {
                return ALL;
            }
            if (!known) {
                return NONE;
            }
            return side == GateName.Side.OPENS ? FROM : FROM_THEN_ALL;
        }
        // The outgoing job. It writes everything until it knows T.
        if (!known || side == GateName.Side.OPENS) {
            return ALL;
        }
        return side == GateName.Side.CLOSES ? BELOW : BELOW_THEN_NONE;
    }

    /**
     * Whether a row passes.
     *
     * @param time event time of the row in epoch milliseconds, or {@link #NO_TIME}
     * @param watermark watermark at the gate in epoch milliseconds, or {@link #NO_WATERMARK}
     * @param cutover T in epoch milliseconds; not looked at by the rules ALL and NONE
     */
    boolean passes(long time, long watermark, long cutover) {
        switch (this) {
            case ALL:
                return true;
            case NONE:
                return false;
            case BELOW:
                return time < cutover;
            case FROM:
                return time >= cutover;
            case BELOW_THEN_NONE:
                return watermark <= cutover && time < cutover;
            case FROM_THEN_ALL:
                return watermark > cutover || time >= cutover;
            default:
                throw new IllegalStateException(name());
        }
    }
}
