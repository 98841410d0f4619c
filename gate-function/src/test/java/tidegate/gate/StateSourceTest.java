package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateSourceTest {

    private static final long HAMMER_MS = 1_500;

    @TempDir Path temp;

    /** The n-th state of a hammer: all keys tell n, and every second state has no T. */
    private static Map<String, String> numbered(long n) {
        Map<String, String> entries = States.entries(Colour.GREEN, false, n % 2 == 0 ? null : n);
        entries.put("deployment-deletion-delay-ms", String.valueOf(n));
        entries.put("active-deployment-type", n % 3 == 0 ? "BLUE" : "GREEN");
        return entries;
    }

    private interface Writer {
        void write(Map<String, String> entries) throws IOException;
    }

    /** Reads while another thread writes as fast as it can: whatever is told was written as a whole. */
    private static void hammer(StateSource source, Writer writer) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                for (long n = 2; !stop.get(); n++) {
                                    writer.write(numbered(n));
                                }
                            } catch (Exception e) {
                                failure.set(e);
                            }
                        });
        thread.start();
        Set<String> seen = new HashSet<>();
        try {
            long end = System.nanoTime() + HAMMER_MS * 1_000_000;
            while (System.nanoTime() < end) {
                Optional<Map<String, String>> told = source.read();
                if (told.isPresent()) {
                    String n = told.get().get("deployment-deletion-delay-ms");
                    assertEquals(numbered(Long.parseLong(n)), told.get());
                    seen.add(n);
                }
            }
        } finally {
            stop.set(true);
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        assertTrue(seen.size() > 20, "only " + seen.size() + " states were seen");
    }

    @Test
    void readsAMountedConfigMap() throws Exception {
        MountedFolder folder = new MountedFolder(temp);
        folder.set(numbered(1));
        StateSource source = StateSource.of(temp);
        assertEquals(Optional.of(numbered(1)), source.read());
        folder.set(numbered(2));
        assertEquals(Optional.of(numbered(2)), source.read(), "a key that is gone is gone");
    }

    @Test
    void neverSeesHalfOfASwap() throws Exception {
        MountedFolder folder = new MountedFolder(temp);
        folder.set(numbered(1));
        hammer(StateSource.of(temp), folder::set);
    }

    @Test
    void refusesAPlainFolder() throws Exception {
        for (Map.Entry<String, String> entry : numbered(1).entrySet()) {
            Files.writeString(temp.resolve(entry.getKey()), entry.getValue());
        }
        Exception e = assertThrows(IOException.class, () -> StateSource.of(temp));
        assertTrue(e.getMessage().contains("no link ..data"), e.getMessage());
    }

    @Test
    void refusesWhatIsNotThere() {
        Exception e = assertThrows(IOException.class, () -> StateSource.of(temp.resolve("none")));
        assertTrue(e.getMessage().contains("neither a mounted ConfigMap nor a properties file"), e.getMessage());
    }

    private void replace(Path file, Map<String, String> entries) throws IOException {
        Path next = temp.resolve("next");
        Files.writeString(next, States.properties(entries));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(long n) throws IOException {
        Path file = temp.resolve("gate.properties");
        Files.writeString(file, States.properties(numbered(n)));
        return file;
    }

    @Test
    void readsAPropertiesFileThatIsReplaced() throws Exception {
        Path file = file(1);
        StateSource source = StateSource.of(file);
        assertEquals(Optional.empty(), source.read(), "once is not enough for the first text");
        assertEquals(Optional.of(numbered(1)), source.read());
        replace(file, numbered(2));
        assertEquals(Optional.of(numbered(2)), source.read(), "a new file counts at once");
    }

    @Test
    void neverSeesHalfOfAReplacement() throws Exception {
        Path file = file(1);
        StateSource source = StateSource.of(file);
        source.read();
        hammer(source, entries -> replace(file, entries));
    }

    @Test
    void takesAFileThatIsWrittenInPlaceOnlyOnceItIsAtRest() throws Exception {
        Path file = file(1);
        StateSource source = StateSource.of(file);
        source.read();
        source.read();
        String text = States.properties(numbered(3));
        // Half of the lines, then all of them.
        Files.writeString(file, text.substring(0, text.indexOf('\n', text.length() / 2) + 1));
        assertEquals(Optional.empty(), source.read());
        Files.writeString(file, text);
        assertEquals(Optional.empty(), source.read());
        assertEquals(Optional.of(numbered(3)), source.read());
    }

    @Test
    void refusesALineThatDoesNotEnd() throws Exception {
        Path file = file(1);
        StateSource source = StateSource.of(file);
        source.read();
        // 1767225600000 cut short would be a time in 1970.
        String text = States.properties(States.entries(Colour.GREEN, false, 1_767_225_600_000L));
        Files.writeString(file, text.substring(0, text.length() - 4));
        source.read();
        Exception e = assertThrows(IOException.class, source::read);
        assertTrue(e.getMessage().contains("does not end with a line end"), e.getMessage());
    }

    @Test
    void refusesWhatIsNoPropertiesFile() throws Exception {
        Path file = temp.resolve("gate.properties");
        Files.writeString(file, "stage=\\u12\n");
        StateSource source = StateSource.of(file);
        source.read();
        Exception e = assertThrows(IOException.class, source::read);
        assertTrue(e.getMessage().contains("is no properties file"), e.getMessage());
    }
}
