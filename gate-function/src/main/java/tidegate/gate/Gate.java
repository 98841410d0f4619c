package tidegate.gate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gate in one subtask: the rule of the moment, and what has to be known of the rows to say whether the
 * gate is done and whether T came in time. The rows come from one thread; the metrics may be read by
 * another.
 */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final GateName name;
    private final Colour colour;

    /** The state that rule and cutover are made of; a new object is a new state. */
    private TransitionState state;

    private Rule rule;
    private long cutover;

    /** The latest time of a row that went through, and of one that was held back for want of a T. */
    private long latestPassed = Rule.NO_TIME;

    private long latestHeld = Rule.NO_TIME;

    /**
     * The latest T that the watermark has been seen to be beyond. A value rather than a flag, so that it is
     * never taken for the T of a later transition, of which no row has told this gate yet.
     */
    private volatile long passedCutover = Long.MIN_VALUE;

    private volatile boolean cutoverTooClose;

    Gate(GateName name, Colour colour) {
        this.name = name;
        this.colour = colour;
    }

    /** Whether a row passes; see {@link Rule#passes} for the units. */
    boolean passes(TransitionState current, long time, long watermark) {
        if (current != state) {
            turn(current);
        }
        boolean passes = rule.passes(time, watermark, cutover);
        if (passes) {
            if (time > latestPassed) {
                latestPassed = time;
            }
        } else if (rule == Rule.NONE && time > latestHeld) {
            latestHeld = time;
        }
        if (watermark > cutover && passedCutover != cutover) {
            passedCutover = cutover;
        }
        return passes;
    }

    /**
     * Whether this gate, as one of an outgoing job that knows this T, has nothing left to write: the
     * watermark has passed T. At the sink of an updating query no watermark is known, nor needed: what comes
     * there is what the gates behind the sources let through, and they tell.
     */
    boolean isDone(long currentCutover) {
        return passedCutover == currentCutover || name.side() == GateName.Side.OPENS;
    }

    /**
     * Whether T was learned only after rows from T on had been through this gate (they are written twice),
     * or had been held back by it (they are lost, unless the outgoing job did not know T either).
     */
    boolean isCutoverTooClose() {
        return cutoverTooClose;
    }

    private void turn(TransitionState next) {
        Rule before = rule;
        long cutoverBefore = cutover;
        rule = Rule.of(name.side(), colour, next);
        state = next;
        cutover = next.cutover().orElse(Long.MAX_VALUE);
        if (rule == before && cutover == cutoverBefore) {
            return;
        }
        LOG.info("Gate {} of {} {}; {}", name, colour, rule.text, next);
        if (cutover != cutoverBefore) {
            cutoverTooClose = false;
        }
        boolean twice = (rule == Rule.BELOW || rule == Rule.BELOW_THEN_NONE) && latestPassed >= cutover;
        boolean lost = (rule == Rule.FROM || rule == Rule.FROM_THEN_ALL) && latestHeld >= cutover;
        if (twice || lost) {
            cutoverTooClose = true;
            LOG.warn(
                    "Gate {} of {} learned T {} too late: a row of {} has {} already",
                    name,
                    colour,
                    cutover,
                    twice ? latestPassed : latestHeld,
                    twice ? "gone through" : "been held back");
        }
        if (rule != Rule.NONE) {
            latestHeld = Rule.NO_TIME;
        }
    }
}
