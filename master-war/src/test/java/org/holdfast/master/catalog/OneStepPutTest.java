package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a put in one step makes of a node's failure. */
class OneStepPutTest {
    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final List<HttpServer> servers = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String answer = "";

    @BeforeEach
    void twoNodesThatFail() throws Exception {
        var nodes = TestNodes.running(master, "sn1", "sn2");
        for (String name : new String[] {"sn1", "sn2"}) {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/blobs/", exchange -> {
                asked.incrementAndGet();
                var unused = exchange.getRequestBody().readAllBytes();
                byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(500, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            servers.add(server);
            master.sql(
                    "UPDATE storage_node SET url = ? WHERE name = ?",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    name);
            nodes.room(name, 1L << 40);
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private void put() {
        put(BYTES.length, new ByteArrayInputStream(BYTES));
    }

    private void put(int sizeBytes, InputStream body) {
        var wish = new RequestUpload.Wish(
                at("admin/a"),
                sizeBytes,
                Digests.NONE,
                Optional.empty(),
                TestMaster.terms(OnConflict.REPLACE),
                new RequestUpload.NodeChoice(Set.of(), Optional.empty()),
                Optional.empty());
        var unused = master.get(OneStepPut.class).put(master.admin(), wish, body);
    }

    /** One byte after the other, with a pause before each, in which somebody else wants the name. */
    private final class SlowBody extends InputStream {
        private final LockLab lab = new LockLab(master);
        private final int pauseSeconds;
        private int left;

        SlowBody(int bytes, int pauseSeconds) {
            this.left = bytes;
            this.pauseSeconds = pauseSeconds;
        }

        @Override
        public int read() throws IOException {
            try {
                lab.pass(pauseSeconds);
            } catch (SQLException e) {
                throw new IOException(e);
            }
            master.clock().forward(Duration.ofSeconds(pauseSeconds));
            assertRefused(FailureKind.LOCKED, "locked", () -> lab.ask(master.admin(), "admin/a"));
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int next = read();
            buffer[offset] = (byte) next;
            return next < 0 ? -1 : 1;
        }
    }

    @Test
    void whoSendsSlowlyKeepsTheNameBeforeAnyNodeIsAsked() {
        int pauseSeconds = (int) TestWiring.TRANSFER_LEASE.toSeconds() / 4;
        answer = "{\"status\":500,\"code\":\"bug\"}";
        assertRefused(FailureKind.BUG, "bug", () -> put(20, new SlowBody(20, pauseSeconds)));
        assertThat(asked).as("when all of it had come").hasValue(1);
    }

    @Test
    void whoFallsSilentDoesNot() {
        int pauseSeconds = (int) TestWiring.TRANSFER_LEASE.toSeconds() + 1;
        assertThatThrownBy(() -> put(2, new SlowBody(2, pauseSeconds))).isInstanceOf(AssertionError.class);
    }

    @Test
    void aNodesDefectIsToldAsOne() {
        answer = "{\"status\":500,\"code\":\"bug\"}";
        assertRefused(FailureKind.BUG, "bug", this::put);
        assertThat(asked).hasValue(1);
    }

    @Test
    void thePageOfANodeThatStopsIsItsAbsence() {
        answer = "<html>stopping</html>";
        assertRefused(FailureKind.UNAVAILABLE, "unavailable", this::put);
        assertThat(asked).hasValue(2);
    }
}
