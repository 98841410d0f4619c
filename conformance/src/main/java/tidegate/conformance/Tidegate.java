package tidegate.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The binary, asked as a user asks it. */
final class Tidegate {
    /** What a run ended with and said. */
    record Answer(int exit, String out, String messages) {}

    private final Path binary;

    Tidegate(Path binary) {
        this.binary = binary;
    }

    /** @throws UncheckedIOException if the binary cannot be started */
    Answer ask(List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(binary.toString());
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            // Both pipes are read at once: a full one would stop the other.
            CompletableFuture<byte[]> messages = CompletableFuture.supplyAsync(() -> {
                try {
                    return process.getErrorStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] out = process.getInputStream().readAllBytes();
            int exit = process.waitFor();
            return new Answer(exit, text(out), text(messages.get()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + binary, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read what " + binary + " says", e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
