package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
        var wish = new RequestUpload.Wish(
                at("admin/a"),
                BYTES.length,
                Digests.NONE,
                Optional.empty(),
                TestMaster.terms(OnConflict.REPLACE),
                new RequestUpload.NodeChoice(Set.of(), Optional.empty()),
                Optional.empty());
        var unused = master.get(OneStepPut.class).put(master.admin(), wish, new ByteArrayInputStream(BYTES));
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
