package tidegate.gate;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A properties file with the keys of the ConfigMap. It is to be replaced by a rename, which shows either
 * the old text or the new one.
 *
 * <p>A file that is written in place can be seen half written. Two things guard against that: the last line
 * has to end, since a number that is cut is a number too; and a new text is taken only when two reads in a
 * row found the same, unless it came in a file of its own.
 */
final class PropertiesFile implements StateSource {

    private final Path path;

    /** The text that was read last, and the file that it was in. */
    private byte[] lastText;

    private Object lastFile;

    PropertiesFile(Path path) {
        this.path = path;
    }

    @Override
    public Optional<Map<String, String>> read() throws IOException {
        Object before = fileKey();
        byte[] text = Files.readAllBytes(path);
        Object file = fileKey();
        // Replaced while it was read: the text is that of the old file or of the new one.
        boolean sameFile = file != null && before != null && Objects.equals(before, file);
        boolean replaced = sameFile && lastFile != null && !file.equals(lastFile);
        boolean settled = lastText != null && Arrays.equals(text, lastText);
        lastText = text;
        lastFile = file;
        if (!replaced && !settled) {
            return Optional.empty();
        }
        return Optional.of(parse(text));
    }

    private Map<String, String> parse(byte[] text) throws IOException {
        if (text.length == 0 || text[text.length - 1] != '\n') {
            throw new IOException(path + " does not end with a line end, so it may be half of a file");
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(text, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " is no properties file: " + e.getMessage(), e);
        }
        Map<String, String> entries = new HashMap<>();
        for (String key : TransitionState.KEYS) {
            String value = properties.getProperty(key);
            if (value != null) {
                entries.put(key, value);
            }
        }
        return entries;
    }

    /** What tells one file from another under the same name (device and inode); null where nothing does. */
    private Object fileKey() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
