package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeRegister;
import org.holdfast.master.cluster.RefreshView;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.SelfSigned;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is believed of those who tell of others, whose requests they pass on. */
class PassedOnTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    /** From 192.0.2.7, with a certificate made out to {@code subject}. */
    private static HttpServletRequest request(String subject, Map<String, String> headers) {
        var chain = new X509Certificate[] {SelfSigned.of(subject, "localhost").certificate()};
        return (HttpServletRequest) Proxy.newProxyInstance(
                PassedOnTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAttribute" -> chain;
                    case "getHeader" -> headers.get(String.valueOf(arguments[0]));
                    case "getRemoteAddr" -> "192.0.2.7";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private void join(String certified, String vouched, String name) {
        NodesResource.requireOwnName(
                master.get(ClusterView.class),
                master.get(NodeRegister.class),
                request("CN=" + certified + ",OU=node", Map.of(CertifiedName.VOUCHED, vouched)),
                name);
    }

    @Test
    void onlyANodeThatHasJoinedVouchesForAnothersName() {
        var unused = TestNodes.running(master, "sn1");
        assertThatCode(() -> join("sn1", "sn7", "sn7")).doesNotThrowAnyException();
        assertThatCode(() -> join("sn9", "sn1", "sn9")).doesNotThrowAnyException();
        assertRefused(FailureKind.FORBIDDEN, "certificate-name", () -> join("sn9", "sn1", "sn1"));
        assertRefused(FailureKind.FORBIDDEN, "certificate-name", () -> join("sn9", "sn7", "sn7"));
        assertRefused(FailureKind.FORBIDDEN, "certificate-name", () -> join("sn1", "sn7", "sn8"));
    }

    /** Its thief has it; who gets the name next gets another one. */
    @Test
    void theCertificateOfARemovedNodeLetsNobodyIn() throws Exception {
        var unused = TestNodes.running(master, "sn1", "sn2");
        master.sql("UPDATE storage_node SET admin_state = 'REMOVED', admin_since = ? WHERE name = 'sn2'", "2019-06-01");
        master.get(RefreshView.class).refresh();
        assertThatCode(() -> join("sn2", "", "sn2")).doesNotThrowAnyException();
        master.sql("UPDATE storage_node SET admin_since = '2030-06-01', name = 'sn2.removed-2' WHERE name = 'sn2'");
        assertRefused(FailureKind.FORBIDDEN, "certificate-removed", () -> join("sn2", "", "sn2"));
        assertRefused(FailureKind.FORBIDDEN, "certificate-removed", () -> join("sn1", "sn2", "sn2"));
        assertThatCode(() -> join("sn9", "", "sn9")).doesNotThrowAnyException();
    }

    @Test
    void onlyANodeTellsTheAddressOfItsClient() {
        var told = Map.of(CertifiedName.CLIENT, "198.51.100.3");
        assertThat(EndpointServlet.client(request("CN=sn1,OU=node", told)).address())
                .isEqualTo("198.51.100.3");
        for (String other : new String[] {"CN=ada,OU=user", "CN=worker1,OU=worker", "CN=sn1"}) {
            assertThat(EndpointServlet.client(request(other, told)).address())
                    .as(other)
                    .isEqualTo("192.0.2.7");
        }
        assertThat(EndpointServlet.client(request("CN=sn1,OU=node", Map.of())).address())
                .isEqualTo("192.0.2.7");
    }
}
