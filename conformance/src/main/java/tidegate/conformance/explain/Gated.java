package tidegate.conformance.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;

/** A script as it is and in all roles, explained. */
record Gated(String name, Map<String, List<Plan>> plans, Map<String, String> errors) {
    static final String UNGATED = "ungated";
    static final List<String> ROLES = List.of("first", "outgoing", "incoming");

    /** Explains all forms that the case has. */
    static Gated explain(String name, Map<String, List<String>> scripts, StandIns module) {
        Map<String, List<Plan>> plans = new TreeMap<>();
        Map<String, String> errors = new TreeMap<>();
        scripts.forEach((form, statements) -> {
            List<Plan> explained = new ArrayList<>();
            try {
                Session session = Session.open(Map.of(), module);
                session.explain(statements).forEach(text -> explained.add(Plan.of(text)));
                plans.put(form, explained);
            } catch (Session.Rejected e) {
                errors.put(form, e.getMessage() + "\nof: " + e.statement());
            }
        });
        return new Gated(name, plans, errors);
    }
}
