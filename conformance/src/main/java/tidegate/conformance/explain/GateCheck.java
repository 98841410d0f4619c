package tidegate.conformance.explain;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;

/**
 * What a gate does to the plan: Flink takes all roles where it takes the script; with literals masked the roles have one
 * plan; below a pinned gate stands the ungated plan, and one that is pinned in an array adds no operator.
 */
final class GateCheck {
    /** What keeps a gate's predicate in its place. */
    enum Pinned {
        ELEMENT,
        UNNEST;

        /** Those in a rewritten script. */
        static Set<Pinned> in(List<String> script) {
            Set<Pinned> found = EnumSet.noneOf(Pinned.class);
            for (String statement : script) {
                if (statement.contains("WHERE ARRAY[")) {
                    found.add(ELEMENT);
                }
                if (statement.contains("UNNEST(ARRAY[") && statement.contains("AS `__at`")) {
                    found.add(UNNEST);
                }
            }
            return found;
        }
    }

    private final Reasons reasons;
    private final Report report;
    private final Unplanned unplanned;
    private final AtomicInteger cases = new AtomicInteger();

    GateCheck(Reasons reasons, Report report) {
        this.reasons = reasons;
        this.report = report;
        this.unplanned = new Unplanned(report);
    }

    /** To be called behind all cases. */
    void close() {
        unplanned.close("gated scripts", cases.get());
    }

    /**
     * @param twoSided the incoming job opens at its sink, which is an open projection in the others
     * @param pinned what pins gates in the rewritten script
     */
    void check(Gated gated, boolean twoSided, Set<Pinned> pinned) {
        String name = gated.name();
        cases.incrementAndGet();
        if (gated.errors().containsKey(Gated.UNGATED)) {
            unplanned.add("gates/" + name, gated.errors().get(Gated.UNGATED));
            return;
        }
        for (String role : Gated.ROLES) {
            if (gated.errors().containsKey(role)) {
                reasons.differs(name, "accepted", role + ": " + gated.errors().get(role));
                return;
            }
        }
        boolean good = true;
        if (!oneInAllRoles(gated, twoSided)) {
            good &= reasons.differs(name, "roles", firstDifference(gated));
        }
        List<Plan> ungated = gated.plans().get(Gated.UNGATED);
        List<Plan> first = gated.plans().get(Gated.ROLES.get(0));
        if (!twoSided && pinned.equals(Set.of(Pinned.ELEMENT)) && !shapes(first).equals(shapes(ungated))) {
            good &= reasons.differs(name, "operators", shapes(first) + "\nungated: " + shapes(ungated));
        }
        boolean unnests = pinned.contains(Pinned.UNNEST);
        for (int at = 0; unnests && at < Math.min(ungated.size(), first.size()); at++) {
            Optional<List<String>> below = first.get(at).belowBarrier();
            if (below.isPresent()) {
                good &= same(name, below.get(), ungated.get(at).belowSink());
            }
        }
        if (good) {
            report.pass("gates/" + name);
        }
    }

    private static List<List<Plan.Node>> shapes(List<Plan> plans) {
        return plans.stream().map(Plan::shape).toList();
    }

    private boolean same(String name, List<String> gated, List<String> plain) {
        if (!Plan.operators(gated).equals(Plan.operators(plain))) {
            return reasons.differs(name, "operators", Plan.operators(gated) + "\nungated: " + Plan.operators(plain));
        }
        for (int at = 0; at < gated.size(); at++) {
            if (!gated.get(at).equals(plain.get(at))) {
                return reasons.differs(name, "below", gated.get(at) + "\nungated: " + plain.get(at));
            }
        }
        return true;
    }

    private static boolean oneInAllRoles(Gated gated, boolean twoSided) {
        List<List<String>> first = masked(gated, "first");
        if (!first.equals(masked(gated, "outgoing"))) {
            return false;
        }
        return twoSided
                ? operators(gated, "first").equals(operators(gated, "incoming"))
                : first.equals(masked(gated, "incoming"));
    }

    private static List<List<String>> masked(Gated gated, String role) {
        return gated.plans().get(role).stream().map(Plan::masked).toList();
    }

    private static List<List<String>> operators(Gated gated, String role) {
        return gated.plans().get(role).stream().map(Plan::operators).toList();
    }

    private static String firstDifference(Gated gated) {
        List<String> first = masked(gated, "first").stream().flatMap(List::stream).toList();
        for (String role : List.of("outgoing", "incoming")) {
            List<String> other = masked(gated, role).stream().flatMap(List::stream).toList();
            for (int at = 0; at < Math.min(first.size(), other.size()); at++) {
                if (!first.get(at).equals(other.get(at))) {
                    return first.get(at).strip() + "\n" + role + ": " + other.get(at).strip();
                }
            }
        }
        return "other numbers of operators";
    }
}
