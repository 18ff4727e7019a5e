package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process, in a checkout that looks built. */
class RefusedStartTest {
    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init")
    private Path data;

    @BeforeEach
    void looksBuilt() throws IOException {
        var checkout = new Checkout(temp.resolve("checkout"));
        for (Path product :
                List.of(checkout.payaraMicro(), checkout.masterWar(), checkout.storageWar(), checkout.workerJar())) {
            Files.createDirectories(product.getParent());
            Files.createFile(product);
        }
        data = temp.resolve("not/there/yet");
    }

    private String refused(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Jvm.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dholdfast.checkout=" + temp.resolve("checkout"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--data",
                data.toString()));
        command.addAll(List.of(options));
        Path said = temp.resolve("said");
        Process start = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(start.waitFor()).isEqualTo(Refusal.FAILED);
        return Files.readString(said);
    }

    @Test
    void a_taken_port_leaves_no_folder_behind() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = Math.min(taken.getLocalPort(), Ports.MAX_BASE);
            assertThat(refused("--port", String.valueOf(port), "--min-free-mib", "0"))
                    .contains("is taken by another program");
        }
        assertThat(temp.resolve("not")).doesNotExist();
    }

    @Test
    void too_little_room_leaves_no_folder_behind() throws IOException, InterruptedException {
        assertThat(refused("--port", "0", "--min-free-mib", String.valueOf(Integer.MAX_VALUE)))
                .contains("MiB are free");
        assertThat(temp.resolve("not")).doesNotExist();
    }

    @Test
    void an_empty_directory_of_the_caller_stays_as_it_is() throws IOException, InterruptedException {
        Files.createDirectories(data);
        var unused = refused("--port", "0", "--min-free-mib", String.valueOf(Integer.MAX_VALUE));
        assertThat(data).isEmptyDirectory();
    }
}
