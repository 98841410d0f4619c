package tidegate.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** What a job's gates read, changed as it is changed in earnest. */
interface State {

    Path path();

    void set(Map<String, String> entries) throws IOException;

    /** A folder, as Kubernetes mounts a ConfigMap. */
    static State folder(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new State() {
            private int count;

            @Override
            public Path path() {
                return folder;
            }

            @Override
            public void set(Map<String, String> entries) throws IOException {
                Path next = Files.createDirectory(folder.resolve("..state_" + count++));
                for (Map.Entry<String, String> entry : entries.entrySet()) {
                    Files.writeString(next.resolve(entry.getKey()), entry.getValue());
                }
                Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
                Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            }
        };
    }

    /** A properties file, replaced by a rename. */
    static State file(Path file) {
        return new State() {
            @Override
            public Path path() {
                return file;
            }

            @Override
            public void set(Map<String, String> entries) throws IOException {
                StringBuilder text = new StringBuilder();
                entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
                Path next = Files.writeString(file.resolveSibling("next"), text);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
        };
    }
}
