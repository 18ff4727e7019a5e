package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void everything_has_its_own_port_within_the_block() {
        Ports ports = new Ports(7400);
        Set<Integer> seen = new HashSet<>(List.of(ports.mariaDb(), ports.broker(), ports.control()));
        for (int master = 1; master <= Ports.MAX_MASTERS; master++) {
            seen.add(ports.master(master));
        }
        for (int node = 1; node <= Ports.MAX_NODES; node++) {
            seen.add(ports.node(node));
        }
        for (int worker = 1; worker <= Ports.MAX_WORKERS; worker++) {
            seen.add(ports.worker(worker));
        }
        assertThat(seen)
                .hasSize(3 + Ports.MAX_MASTERS + Ports.MAX_NODES + Ports.MAX_WORKERS)
                .allMatch(port -> port >= 7400 && port < 7500);
    }

    @Test
    void the_layout_is_the_documented_one() {
        Ports ports = new Ports(7400);
        assertThat(List.of(
                        ports.master(1),
                        ports.node(3),
                        ports.worker(1),
                        ports.mariaDb(),
                        ports.broker(),
                        ports.master(2),
                        ports.master(3),
                        ports.control()))
                .containsExactly(7400, 7403, 7481, 7495, 7496, 7497, 7498, 7499);
    }

    @Test
    void a_port_somebody_listens_on_is_taken_until_it_is_closed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(Ports.taken(List.of(port), InetAddress.getLoopbackAddress()))
                    .containsExactly(port);
            assertThatThrownBy(() -> Ports.requireFree(port)).hasMessageContaining(Integer.toString(port));
        }
        // A process that is being started beside this test has it for a moment, too.
        await().untilAsserted(() -> assertThat(Ports.taken(List.of(port), InetAddress.getLoopbackAddress()))
                .isEmpty());
    }

    @Test
    void a_free_block_is_free_and_not_the_default_one() {
        Ports ports = Ports.findFree();
        assertThat(ports.base()).isGreaterThan(Ports.DEFAULT_BASE);
        assertThat(Ports.taken(List.of(ports.master(1), ports.control()), InetAddress.getLoopbackAddress()))
                .isEmpty();
    }
}
