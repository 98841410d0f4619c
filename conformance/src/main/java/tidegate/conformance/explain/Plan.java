package tidegate.conformance.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The optimized execution plan of a statement, as EXPLAIN prints it: one operator a line, its inputs below. */
final class Plan {
    private static final String EXECUTION = "== Optimized Execution Plan ==";
    private static final String PHYSICAL = "== Optimized Physical Plan ==";
    private static final Pattern CHANGELOG = Pattern.compile("changelogMode=\\[([A-Z,]*)\\]");
    /** Correlations are counted through the whole query. */
    private static final Pattern CORRELATION = Pattern.compile("\\$cor\\d+");
    private static final Pattern LITERAL = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?|TO_TIMESTAMP_LTZ\\(-?\\d+(?::BIGINT)?, \\d\\)");
    private static final Pattern DRAWN = Pattern.compile("^[ +:-]*");
    private static final Pattern REUSE = Pattern.compile("\\(reuse_id=\\[(\\d+)\\]\\)");
    private static final Pattern REUSED = Pattern.compile("Reused\\(reference_id=\\[(\\d+)\\]\\).*");
    private static final String BARRIER = "Correlate(invocation=[$UNNEST_ROWS$1(";

    private final List<String> lines;

    private Plan(List<String> lines) {
        this.lines = lines;
    }

    /** Of what EXPLAIN prints. */
    static Plan of(String explained) {
        int start = explained.indexOf(EXECUTION);
        if (start < 0) {
            throw new IllegalArgumentException("no execution plan in: " + explained);
        }
        String text = explained.substring(start + EXECUTION.length());
        int end = text.indexOf("\n== ");
        text = end < 0 ? text : text.substring(0, end);
        return new Plan(text.lines().filter(line -> !line.isBlank()).toList());
    }

    /** The changelog of the operator below the sink, as {@code I,UB,UA,D}, of what EXPLAIN CHANGELOG_MODE prints. */
    static String changelogBelowSink(String explained) {
        int start = explained.indexOf(PHYSICAL);
        Matcher modes = CHANGELOG.matcher(explained.substring(start, explained.indexOf(EXECUTION)));
        if (!modes.find() || !modes.find()) {
            throw new IllegalArgumentException("no changelog modes in: " + explained);
        }
        return modes.group(1);
    }

    /** The same for each sink of a statement set. */
    static List<String> changelogsBelowSinks(String explained) {
        List<String> modes = new ArrayList<>();
        boolean sink = false;
        int start = explained.indexOf(PHYSICAL);
        for (String line : explained.substring(start, explained.indexOf(EXECUTION)).lines().toList()) {
            Matcher mode = CHANGELOG.matcher(line);
            if (sink && mode.find()) {
                modes.add(mode.group(1));
            }
            sink = bare(line).startsWith("Sink(");
        }
        return modes;
    }

    /** An operator without its place. */
    static String bare(String line) {
        return CORRELATION.matcher(DRAWN.matcher(line).replaceFirst("")).replaceAll("\\$cor");
    }

    /** The name of an operator. */
    static String operator(String line) {
        return bare(line).split("[(\\[]", 2)[0];
    }

    static List<String> operators(List<String> lines) {
        return lines.stream().map(Plan::operator).toList();
    }

    List<String> operators() {
        return operators(lines);
    }

    /** The lines with # for each time that a gate could compare with. */
    List<String> masked() {
        return lines.stream().map(line -> LITERAL.matcher(line).replaceAll("#")).toList();
    }

    /** What is below the barrier, without the Calc that makes the gate time. */
    Optional<List<String>> belowBarrier() {
        for (int at = 0; at < lines.size(); at++) {
            if (bare(lines.get(at)).startsWith(BARRIER)) {
                return Optional.of(withoutCalc(lines.subList(at + 1, lines.size())));
            }
        }
        return Optional.empty();
    }

    /** What is below the sink, without the Calc that a gate would be part of. */
    List<String> belowSink() {
        return withoutCalc(lines.subList(1, lines.size()));
    }

    private static List<String> withoutCalc(List<String> lines) {
        List<String> bare = lines.stream().map(Plan::bare).toList();
        return !bare.isEmpty() && bare.get(0).startsWith("Calc(") ? bare.subList(1, bare.size()) : bare;
    }

    /** An operator with its inputs. */
    record Node(String operator, List<Node> inputs) {
        @Override
        public String toString() {
            return inputs.isEmpty() ? operator : operator + inputs;
        }
    }

    /**
     * The operators as trees, where a scan stands also for the watermark and the projections right above it. What is
     * planned once and read twice stands in both places.
     */
    List<Node> shape() {
        Node root = new Node("", new ArrayList<>());
        List<Integer> depths = new ArrayList<>(List.of(-1));
        List<Node> path = new ArrayList<>(List.of(root));
        Map<String, Node> shared = new HashMap<>();
        for (String line : lines) {
            int depth = line.length() - DRAWN.matcher(line).replaceFirst("").length();
            String text = bare(line);
            Node node = new Node(operator(line), new ArrayList<>());
            Matcher reuse = REUSE.matcher(text);
            while (reuse.find()) {
                shared.put(reuse.group(1), node);
            }
            Matcher again = REUSED.matcher(text);
            if (again.matches()) {
                node = shared.get(again.group(1));
            }
            while (depths.get(depths.size() - 1) >= depth) {
                depths.remove(depths.size() - 1);
                path.remove(path.size() - 1);
            }
            path.get(path.size() - 1).inputs().add(node);
            depths.add(depth);
            path.add(node);
        }
        return root.inputs().stream().map(Plan::withoutSource).toList();
    }

    private static Node withoutSource(Node node) {
        List<Node> inputs = node.inputs().stream().map(Plan::withoutSource).toList();
        String name = node.operator();
        boolean besideScan = name.equals("Calc") || name.equals("WatermarkAssigner");
        if (besideScan && inputs.size() == 1 && inputs.get(0).operator().equals("TableSourceScan")) {
            return inputs.get(0);
        }
        return new Node(name, inputs);
    }
}
