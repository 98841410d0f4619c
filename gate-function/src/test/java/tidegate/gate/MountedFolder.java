package tidegate.gate;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Does what the kubelet does with a ConfigMap that is mounted. */
final class MountedFolder {

    final Path path;
    private int count;
    private Path current;

    MountedFolder(Path path) {
        this.path = path;
    }

    void set(Map<String, String> entries) throws IOException {
        Path next = Files.createDirectory(path.resolve("..state_" + count++));
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            Files.writeString(next.resolve(entry.getKey()), entry.getValue());
        }
        Path link = path.resolve("..data_tmp");
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, path.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String key : entries.keySet()) {
            try {
                Files.createSymbolicLink(path.resolve(key), Paths.get("..data", key));
            } catch (FileAlreadyExistsException e) {
                // It leads through ..data and need not change.
            }
        }
        if (current != null) {
            for (String key : TransitionState.KEYS) {
                Files.deleteIfExists(current.resolve(key));
            }
            Files.delete(current);
        }
        current = next;
    }
}
