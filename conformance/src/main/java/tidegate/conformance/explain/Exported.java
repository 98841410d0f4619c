package tidegate.conformance.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import tidegate.conformance.Context;

/** A case of tidegate's own tests, as they write it when they are asked to. */
public record Exported(String name, JsonNode node) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The cases of a file in the folder of cases, or of a folder there that has a file for each; with what is said of
     * them for the Flink that runs.
     */
    public static List<Exported> read(Context context, String name) throws IOException {
        Path path = context.cases().resolve(name);
        List<JsonNode> nodes = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.sorted().toList()) {
                    nodes.add(JSON.readTree(file.toFile()));
                }
            }
        } else if (Files.exists(path)) {
            JSON.readTree(path.toFile()).forEach(nodes::add);
        }
        if (nodes.isEmpty()) {
            throw new IOException("there is no case in " + path + ": the Rust tests write them");
        }
        List<Exported> cases = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonNode versions = node.get("versions");
            JsonNode version = versions == null ? node : versions.get(context.flink());
            if (version == null) {
                throw new IOException(path + " says nothing of Flink " + context.flink());
            }
            if (node.has("sees")) {
                ((ObjectNode) version).set("sees", node.get("sees"));
            }
            cases.add(new Exported(node.get("name").asText(), version));
        }
        return cases;
    }

    /** Every {@code step}-th case, or all if no time is to be saved. */
    public static List<Exported> sample(Context context, List<Exported> cases, int step) {
        if (context.all()) {
            return cases;
        }
        List<Exported> some = new ArrayList<>();
        for (int at = 0; at < cases.size(); at += step) {
            some.add(cases.get(at));
        }
        return some;
    }

    public boolean has(String script) {
        return node.hasNonNull(script);
    }

    /** The statements of a script. */
    public List<String> statements(String script) {
        return texts(node.get(script));
    }

    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }
}
