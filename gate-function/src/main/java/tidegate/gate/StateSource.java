package tidegate.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the keys of the ConfigMap are read from. Used by one thread at a time. */
interface StateSource {

    /**
     * The keys as they stand now, all from one moment; empty where that moment is not known for certain
     * yet and the next read may tell.
     *
     * @throws IOException if they cannot be read
     */
    Optional<Map<String, String>> read() throws IOException;

    /**
     * The source behind a path: a folder is a mounted ConfigMap, a file a properties file.
     *
     * @throws IOException if there is neither
     */
    static StateSource of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new ConfigMapFolder(path);
        }
        if (Files.isRegularFile(path)) {
            return new PropertiesFile(path);
        }
        throw new IOException(path + " is neither a mounted ConfigMap nor a properties file");
    }
}
