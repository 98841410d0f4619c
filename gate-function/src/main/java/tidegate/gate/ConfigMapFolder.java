package tidegate.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A ConfigMap as Kubernetes mounts it: one file a key, all of them in a folder of their own, to which the
 * symbolic link {@code ..data} points. For a change the kubelet writes a new folder, moves the link to it
 * in one step, and then removes the old folder.
 *
 * <p>So all keys are read from the folder that the link points to, never through the links beside it, and
 * what was read counts only if the link still points there afterwards: otherwise the folder may have been
 * removed in between, and a key whose file is gone would look like one that is not set.
 */
final class ConfigMapFolder implements StateSource {

    static final String DATA = "..data";

    private static final int TRIES = 5;

    private final Path folder;

    /** @throws IOException if the folder has no {@code ..data} */
    ConfigMapFolder(Path folder) throws IOException {
        this.folder = folder;
        if (!Files.isSymbolicLink(folder.resolve(DATA))) {
            throw new IOException(
                    folder
                            + " has no link "
                            + DATA
                            + ", so it is no mounted ConfigMap. Files of a plain folder change one by one;"
                            + " use a properties file instead");
        }
    }

    @Override
    public Optional<Map<String, String>> read() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path target = target();
            Map<String, String> entries = new HashMap<>();
            for (String key : TransitionState.KEYS) {
                try {
                    entries.put(key, Files.readString(target.resolve(key), StandardCharsets.UTF_8));
                } catch (NoSuchFileException e) {
                    // Not set, or the folder is being removed: the link will tell.
                }
            }
            if (target.equals(target())) {
                return Optional.of(entries);
            }
        }
        return Optional.empty();
    }

    /** The folder behind the link. One that is gone was replaced a moment ago: the link is read again. */
    private Path target() throws IOException {
        NoSuchFileException gone = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return folder.resolve(DATA).toRealPath();
            } catch (NoSuchFileException e) {
                gone = e;
            }
        }
        throw gone;
    }
}
