package tidegate.conformance.notes;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;
import tidegate.conformance.flink.Statements;

/** Flink does what {@code docs/flink-notes.md} says of each block of SQL. */
public final class NotesSuite implements Suite {
    private static final Pattern BLOCK = Pattern.compile("^```sql\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern EXPECTED =
            Pattern.compile("^-- (\\d\\.\\d+) (accepts|rejects|plans|plans without)(?:: (.+))?$", Pattern.MULTILINE);

    @Override
    public String name() {
        return "notes";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        String page = Files.readString(context.project().resolve("docs/flink-notes.md"));
        Matcher blocks = BLOCK.matcher(page);
        List<String> tables = null;
        while (blocks.find()) {
            String block = blocks.group(1);
            String name = "line " + (page.substring(0, blocks.start()).lines().count() + 1);
            String verdict = null;
            String text = null;
            Matcher expected = EXPECTED.matcher(block);
            while (expected.find()) {
                if (expected.group(1).equals(context.flink())) {
                    verdict = expected.group(2);
                    text = expected.group(3);
                }
            }
            if (verdict == null) {
                report.fail(name, "says nothing of Flink " + context.flink());
                continue;
            }
            List<String> statements = new ArrayList<>(tables == null ? List.of() : tables);
            List<String> own = Statements.cut(block);
            statements.addAll(own);
            String why = check(statements, verdict, text);
            if (why == null) {
                report.pass(name);
            } else {
                report.fail(name, own.get(own.size() - 1) + "\nis said to be: " + verdict + ", but " + why);
            }
            // The first block declares what the others stand on.
            tables = tables == null ? own : tables;
        }
    }

    /** Why it is otherwise, or null. */
    private static String check(List<String> statements, String verdict, String text) {
        Session session = Session.open(Map.of(), new StandIns(StandIns.Where.ALWAYS));
        String last = statements.get(statements.size() - 1);
        Optional<String> plan;
        try {
            session.explain(statements.subList(0, statements.size() - 1));
        } catch (Session.Rejected e) {
            return "an earlier statement is refused: " + e.statement() + ": " + e.getMessage();
        }
        try {
            plan = session.explain(last);
        } catch (Session.Rejected e) {
            return verdict.equals("rejects") && text != null && e.getMessage().contains(text)
                    ? null
                    : "refused: " + e.getMessage();
        }
        return switch (verdict) {
            case "rejects" -> "accepted";
            case "plans" -> plan.orElse("").contains(text) ? null : "planned so: " + plan.orElse("");
            case "plans without" -> plan.isEmpty() || plan.get().contains(text) ? "planned so: " + plan : null;
            default -> null;
        };
    }
}
