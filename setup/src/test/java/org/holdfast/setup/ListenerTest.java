package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Payara is told about where and how to listen. */
class ListenerTest {
    @TempDir
    Path folder;

    @Test
    void withAnIdentityThereIsNoPlainListener() {
        var listener =
                new PayaraRuntime.Listener(InetAddress.getLoopbackAddress(), 7400, Optional.of(identity("data")));
        assertThat(listener.preBoot().lines())
                .anyMatch(line -> line.endsWith("http-listener.enabled=false"))
                .anyMatch(line -> line.endsWith("https-listener.address=127.0.0.1"))
                .anyMatch(line -> line.endsWith("https-listener.http.header-buffer-length-bytes=32768"))
                .anyMatch(line -> line.endsWith("https-listener.ssl.client-auth=want"))
                .noneMatch(line -> line.contains("LISTENER"));
        assertThat(listener.preBoot().lines())
                .anyMatch(line -> line.endsWith("https-listener.port=7400"))
                .anyMatch(line -> line.endsWith("https-listener.ssl.cert-nickname=holdfast"));
        assertThat(listener.options())
                .as("Payara's own options open the port at once")
                .isEmpty();
    }

    @Test
    void thePasswordGoesThroughAFileWhateverTheFolderIsCalled() {
        KeyStoreFile identity = identity("odd \"data\" \\ folder");
        String quoted = identity.store().toString().replace("\\", "\\\\").replace("\"", "\\\"");
        var listener = new PayaraRuntime.Listener(InetAddress.getLoopbackAddress(), 7400, Optional.of(identity));
        assertThat(listener.properties().lines())
                .contains("\"-Djavax.net.ssl.keyStore=" + quoted + "\"")
                .contains("\"-Djavax.net.ssl.keyStorePassword=" + new String(identity.password()) + "\"")
                .contains("\"-Djavax.net.ssl.trustStore=" + quoted + "\"");
        assertThat(listener.options()).noneMatch(option -> option.contains(new String(identity.password())));
    }

    @Test
    void withoutOneThereIsPlainHttp() {
        var listener = new PayaraRuntime.Listener(InetAddress.getLoopbackAddress(), 7400, Optional.empty());
        assertThat(listener.options()).containsExactly("--port", "7400");
        assertThat(listener.preBoot())
                .contains("http-listener.address=127.0.0.1")
                .doesNotContain("https-listener");
        assertThat(listener.properties()).isEmpty();
    }

    private KeyStoreFile identity(String folderName) {
        return Certificates.open(DataDir.open(folder.resolve(folderName)), Clock.systemUTC(), new SecureRandom())
                .ensure("m1", Reach.LOCAL);
    }
}
