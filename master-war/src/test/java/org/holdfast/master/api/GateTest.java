package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Client;
import org.holdfast.master.account.SignIn;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.RefreshView;
import org.holdfast.master.cluster.Removals;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {
    private static final Client CLIENT = Client.of("127.0.0.1", "test");
    /** Of certificates that were made on the 2nd. */
    private static final Instant BEGINS = Instant.parse("2026-01-01T12:00:00Z");

    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller pass(Access.Level level, @Nullable String authorization) {
        return master.get(Gate.class)
                .pass(level, new Gate.Request("POST", "/x?y=z", authorization, CLIENT, Optional.empty()))
                .caller();
    }

    private String bearer(Caller caller) {
        return "Bearer " + master.get(SignIn.class).open(caller, CLIENT).token();
    }

    private String signed() {
        return signed("sn1", "sn1");
    }

    /** As the first one, with the key of the second. */
    private String signed(String name, String key) {
        if (master.get(ClusterView.class).nodes().isEmpty()) {
            var unused = TestNodes.running(master, "sn1", "sn2");
        }
        var keys = master.get(MasterKeys.class).ofNode(key, TestNodes.disk(key)).callsToMasters();
        return new SignedCall(name, keys, master.clock()).authorize("POST", "/x?y=z", BODY);
    }

    private static final String REFUSED = "cluster-signature-required";

    @Test
    void aNodeSpeaksForItselfAlone() {
        assertRefused(FailureKind.UNAUTHENTICATED, REFUSED, () -> pass(Access.Level.CLUSTER, signed("sn2", "sn1")));
        assertRefused(FailureKind.UNAUTHENTICATED, REFUSED, () -> pass(Access.Level.CLUSTER, signed("sn3", "sn3")));
        // What a master has signed for the node is no call of the node's.
        var ofMasters = master.get(MasterKeys.class)
                .ofNode("sn1", TestNodes.disk("sn1"))
                .callsOfMasters();
        String reflected = new SignedCall("sn1", ofMasters, master.clock()).authorize("POST", "/x?y=z", BODY);
        assertRefused(FailureKind.UNAUTHENTICATED, REFUSED, () -> pass(Access.Level.CLUSTER, reflected));
    }

    @Test
    void aRemovedNodeIsNobody() throws Exception {
        String signed = signed();
        assertThat(pass(Access.Level.CLUSTER, signed)).isEqualTo(Gate.NOBODY);
        master.sql("UPDATE storage_node SET admin_state = 'REMOVED' WHERE name = 'sn1'");
        master.get(RefreshView.class).refresh();
        assertRefused(FailureKind.UNAUTHENTICATED, REFUSED, () -> pass(Access.Level.CLUSTER, signed));
        assertRefused(FailureKind.UNAUTHENTICATED, REFUSED, () -> pass(Access.Level.JOIN, signed));
    }

    @Test
    void publicAsksNobody() {
        assertThat(pass(Access.Level.PUBLIC, null)).isEqualTo(Gate.NOBODY);
        assertThat(pass(Access.Level.PUBLIC, "Bearer nonsense")).isEqualTo(Gate.NOBODY);
        assertThat(Gate.NOBODY.isAdministrator()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Access.Level.class, names = "PUBLIC", mode = EnumSource.Mode.EXCLUDE)
    void everyOtherLevelRefusesStrangers(Access.Level level) {
        String guess = "Basic " + Base64.getEncoder().encodeToString("admin:guess".getBytes(StandardCharsets.UTF_8));
        for (String header :
                new @Nullable String[] {null, "", "Bearer x", guess, "Holdfast key=k1", "Holdfast member=sn1,key=k1"}) {
            assertThat(refusal(level, header)).as("%s with %s", level, header).isEqualTo(FailureKind.UNAUTHENTICATED);
        }
    }

    private FailureKind refusal(Access.Level level, @Nullable String header) {
        try {
            throw new AssertionError("let through: " + pass(level, header));
        } catch (org.holdfast.contract.HoldfastException e) {
            return e.kind();
        }
    }

    @Test
    void peopleWhoSignedInPassAndOnlyAdministratorsAdminister() throws Exception {
        var user = master.user("ute");
        assertThat(pass(Access.Level.SIGNED_IN, bearer(user))).isEqualTo(user);
        assertThat(pass(Access.Level.SIGNED_IN, bearer(master.admin()))).isEqualTo(master.admin());
        assertThat(pass(Access.Level.ADMINISTRATOR, bearer(master.admin()))).isEqualTo(master.admin());
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> pass(Access.Level.ADMINISTRATOR, bearer(user)));
    }

    private Caller shows(CertifiedName.Role role, String name, Access.Level level) {
        var shown = Optional.of(new CertifiedName(role, name, BEGINS));
        return master.get(Gate.class)
                .pass(level, new Gate.Request("POST", "/x?y=z", null, CLIENT, shown))
                .caller();
    }

    @Test
    void aRemovedWorkersCertificateIsRefusedWhateverIsAskedFor() throws Exception {
        assertThat(shows(CertifiedName.Role.WORKER, "w2", Access.Level.PUBLIC)).isEqualTo(Gate.NOBODY);
        var unused =
                master.get(Removals.class).removeWorker("w2", master.admin().accountId());
        master.get(RefreshView.class).refresh();
        for (var level : Access.Level.values()) {
            assertRefused(
                    FailureKind.FORBIDDEN, "certificate-removed", () -> shows(CertifiedName.Role.WORKER, "w2", level));
        }
        assertThat(shows(CertifiedName.Role.WORKER, "w1", Access.Level.PUBLIC)).isEqualTo(Gate.NOBODY);
        // What was made out to it later is good, until it is removed again.
        var later = new CertifiedName(
                CertifiedName.Role.WORKER, "w2", master.clock().instant());
        assertThatNoException()
                .isThrownBy(() -> master.get(Removals.class).known().refuse(Optional.of(later)));
        master.clock().forward(Duration.ofDays(2));
        var again = master.get(Removals.class).removeWorker("w2", master.admin().accountId());
        master.get(RefreshView.class).refresh();
        assertRefused(
                FailureKind.FORBIDDEN,
                "certificate-removed",
                () -> master.get(Removals.class).known().refuse(Optional.of(later)));
        assertThat(again).isEqualTo(master.clock().instant());
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> master.get(Removals.class).removeWorker("W 2", 1));
    }

    @Test
    void aUsersCertificateIsGoodForOpeningASessionOnly() throws Exception {
        var user = master.user("ute");
        assertThat(shows(CertifiedName.Role.USER, "ute", Access.Level.SIGNING_IN))
                .isEqualTo(user);
        for (var level : Access.Level.values()) {
            if (level != Access.Level.PUBLIC && level != Access.Level.SIGNING_IN) {
                assertRefused(
                        FailureKind.UNAUTHENTICATED,
                        level == Access.Level.SIGNED_IN || level == Access.Level.ADMINISTRATOR
                                ? "sign-in-required"
                                : "cluster-signature-required",
                        () -> shows(CertifiedName.Role.USER, "ute", level));
            }
        }
    }

    @Test
    void aCertificateOpensNoAccountThatWasMadeLater() throws Exception {
        var user = master.user("ute");
        master.sql("UPDATE account SET created_at = '2026-01-02 12:01' WHERE name = 'ute'");
        assertThat(shows(CertifiedName.Role.USER, "ute", Access.Level.SIGNING_IN))
                .isEqualTo(user);
        master.sql("UPDATE account SET created_at = '2026-01-02 12:01:01' WHERE name = 'ute'");
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "sign-in-required",
                () -> shows(CertifiedName.Role.USER, "ute", Access.Level.SIGNING_IN));
    }

    @Test
    void aCertificateOfNoAccountOrOfAComponentSignsNobodyIn() {
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "sign-in-required",
                () -> shows(CertifiedName.Role.USER, "nobody", Access.Level.SIGNING_IN));
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "sign-in-required",
                () -> shows(CertifiedName.Role.MASTER, "admin", Access.Level.SIGNING_IN));
    }

    @Test
    void administratorsAreNoMembers() {
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "cluster-signature-required",
                () -> pass(Access.Level.CLUSTER, bearer(master.admin())));
        assertRefused(
                FailureKind.UNAUTHENTICATED, "join-token-wrong", () -> pass(Access.Level.JOIN, bearer(master.admin())));
    }

    @Test
    void membersSignTheirCalls() {
        assertThat(pass(Access.Level.CLUSTER, signed())).isEqualTo(Gate.NOBODY);
        assertThat(pass(Access.Level.JOIN, signed())).isEqualTo(Gate.NOBODY);
        assertRefused(FailureKind.UNAUTHENTICATED, "sign-in-required", () -> pass(Access.Level.SIGNED_IN, signed()));
    }

    private Gate.Passed signedPass() {
        return master.get(Gate.class)
                .pass(Access.Level.CLUSTER, new Gate.Request("POST", "/x?y=z", signed(), CLIENT, Optional.empty()));
    }

    @Test
    void aSignatureCoversMethodPathBodyAndTime() throws Exception {
        String signed = signed();
        var gate = master.get(Gate.class);
        for (var other : new Gate.Request[] {
            new Gate.Request("PUT", "/x?y=z", signed, CLIENT, Optional.empty()),
            new Gate.Request("POST", "/x?y=w", signed, CLIENT, Optional.empty())
        }) {
            assertRefused(
                    FailureKind.UNAUTHENTICATED,
                    "cluster-signature-required",
                    () -> gate.pass(Access.Level.CLUSTER, other));
        }
        assertThat(signedPass().body(new ByteArrayInputStream(BODY))).hasBinaryContent(BODY);
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "cluster-signature-required",
                () -> signedPass().body(new ByteArrayInputStream(new byte[0])));
        master.clock().forward(SignedCall.TOLERANCE.plus(Duration.ofSeconds(1)));
        assertRefused(FailureKind.UNAUTHENTICATED, SignedCall.CLOCK_SKEW, () -> pass(Access.Level.CLUSTER, signed));
    }

    @Test
    void theJoinTokenLetsIn() {
        assertThat(pass(Access.Level.JOIN, "bearer  " + TestWiring.JOIN_TOKEN)).isEqualTo(Gate.NOBODY);
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "cluster-signature-required",
                () -> pass(Access.Level.CLUSTER, "Bearer " + TestWiring.JOIN_TOKEN));
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "join-token-wrong",
                () -> pass(Access.Level.JOIN, "Bearer " + TestWiring.JOIN_TOKEN + "x"));
    }

    @Test
    void theBodyIsReadOnlyWhereItWasSigned() throws Exception {
        var in = new ByteArrayInputStream(BODY);
        assertThat(signedPass().signedBody(in)).isEqualTo(BODY);
        assertThat(in.available()).isZero();
        var unread = new ByteArrayInputStream(BODY);
        Gate.Passed unsigned = new Gate.Passed(Gate.NOBODY, Optional.empty());
        assertThat(unsigned.signedBody(unread)).isEmpty();
        assertThat(unread.available()).isEqualTo(BODY.length);
        assertThat(unsigned.body(unread)).hasBinaryContent(BODY);
    }

    @Test
    void everyBodyIsBounded() throws Exception {
        var most = new byte[1024 * 1024];
        Gate.Passed unsigned = new Gate.Passed(Gate.NOBODY, Optional.empty());
        assertThat(unsigned.body(new ByteArrayInputStream(most))).hasBinaryContent(most);
        for (Gate.Passed passed : new Gate.Passed[] {unsigned, signedPass()}) {
            assertRefused(
                    FailureKind.TOO_LARGE,
                    "too-large",
                    () -> passed.body(new ByteArrayInputStream(new byte[most.length + 1]))
                            .readAllBytes());
        }
    }
}
