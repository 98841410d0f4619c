package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatePollerTest {

    @TempDir Path temp;

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited for 10 s");
            Thread.sleep(5);
        }
    }

    @Test
    void learnsOfAChange() throws Exception {
        MountedFolder folder = new MountedFolder(temp);
        folder.set(States.entries(Colour.GREEN, false, null));
        StatePoller poller = StatePoller.acquire(temp, 10);
        try {
            assertEquals(States.state(Colour.GREEN, false, null), poller.state());
            folder.set(States.entries(Colour.GREEN, false, 1000L));
            await(() -> poller.state().equals(States.state(Colour.GREEN, false, 1000L)));
            assertEquals(0, poller.failures());
        } finally {
            poller.release();
        }
    }

    @Test
    void goesOnWithTheLastStateWhileTheNewOneIsWrong() throws Exception {
        MountedFolder folder = new MountedFolder(temp);
        folder.set(States.entries(Colour.GREEN, false, 1000L));
        StatePoller poller = StatePoller.acquire(temp, 10);
        try {
            TransitionState state = poller.state();
            Map<String, String> wrong = States.entries(Colour.GREEN, false, 1000L);
            wrong.remove("watermark-toggle-value");
            folder.set(wrong);
            await(() -> poller.failures() > 3);
            assertSame(state, poller.state());
            folder.set(States.entries(Colour.GREEN, false, 2000L));
            await(() -> poller.state().equals(States.state(Colour.GREEN, false, 2000L)));
        } finally {
            poller.release();
        }
    }

    @Test
    void goesOnWhileTheFileIsGone() throws Exception {
        Path file = temp.resolve("gate.properties");
        Files.writeString(file, States.properties(States.entries(Colour.GREEN, false, 1000L)));
        StatePoller poller = StatePoller.acquire(file, 10);
        try {
            Files.delete(file);
            await(() -> poller.failures() > 3);
            assertEquals(States.state(Colour.GREEN, false, 1000L), poller.state());
        } finally {
            poller.release();
        }
    }

    @Test
    void isSharedUntilItsLastUserIsGone() throws Exception {
        MountedFolder folder = new MountedFolder(temp);
        folder.set(States.entries(Colour.GREEN, false, null));
        StatePoller first = StatePoller.acquire(temp, 10);
        StatePoller second = StatePoller.acquire(temp, 10);
        assertSame(first, second);
        first.release();
        folder.set(States.entries(Colour.GREEN, false, 1000L));
        await(() -> second.state().cutover().isPresent());
        second.release();
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("tidegate-gate " + temp)));
        StatePoller third = StatePoller.acquire(temp, 10);
        assertNotSame(first, third);
        third.release();
    }

    @Test
    void saysWhatKeepsItFromStarting() throws Exception {
        Path file = temp.resolve("gate.properties");
        Files.writeString(file, "stage=RUNNING\n");
        Exception e = assertThrows(IOException.class, () -> StatePoller.acquire(file, 10));
        assertTrue(e.getMessage().contains("is-first-deployment is missing"), e.getMessage());
    }
}
