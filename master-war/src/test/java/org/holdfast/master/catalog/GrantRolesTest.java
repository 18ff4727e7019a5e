package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.Collections;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.account.ThrottleConfig;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrantRolesTest {
    private static final FileAddress ROOT = new FileAddress("anna", "");
    private static final int FREE = ThrottleConfig.DEFAULT.pairFree();

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;

    @BeforeEach
    void twoPeople() throws Exception {
        anna = master.user("anna");
        bob = master.user("bob");
    }

    private void grant(Caller caller, String user) {
        master.get(GrantRoles.class).grant(caller, ROOT, user, FileRole.READER);
    }

    private void assertUnknown(ThrowingCallable call) {
        assertRefused(FailureKind.NOT_FOUND, "no-such-account", call);
    }

    private void assertThrottled(ThrowingCallable call) {
        assertRefused(FailureKind.THROTTLED, "too-many-attempts", call);
    }

    @Test
    void whoLooksForAccountsByGrantingIsSlowedDownAndNobodyElse() throws Exception {
        for (int i = 0; i < FREE; i++) {
            String name = "guess" + i;
            assertUnknown(() -> grant(anna, name));
        }
        assertThrottled(() -> grant(anna, "bob"));
        assertThrottled(() -> grant(anna, "guess"));
        master.clock().forward(Duration.ofSeconds(1));
        grant(anna, "bob");
        assertUnknown(() -> grant(anna, "guess"));
        assertThrottled(() -> grant(anna, "bob"));
        for (int i = 0; i < 2 * FREE; i++) {
            assertUnknown(() -> grant(master.admin(), "guess"));
        }
        grant(master.admin(), "bob");
    }

    @Test
    void rightNamesAndRefusalsForAnotherReasonDoNotCount() throws Exception {
        for (int i = 0; i < 2 * FREE; i++) {
            grant(anna, "bob");
            assertRefused(FailureKind.CONFLICT, "conflict", () -> grant(anna, "anna"));
        }
        master.get(ShareNames.class).revoke(anna, ROOT, "bob");
        for (int i = 0; i < 2 * FREE; i++) {
            assertRefused(FailureKind.NOT_FOUND, "not-found", () -> grant(bob, "nobody"));
        }
        assertThat(master.rows("SELECT subject FROM sign_in_failure")).isEmpty();
    }

    @Test
    void manyAtOnceGetNoMoreThanAreFree() throws Exception {
        var codes = AtOnce.run(4 * FREE, i -> () -> {
            try {
                grant(anna, "guess" + i);
                return "granted";
            } catch (HoldfastException e) {
                return e.code();
            }
        });
        assertThat(Collections.frequency(codes, "no-such-account")).isEqualTo(FREE);
        assertThat(Collections.frequency(codes, "too-many-attempts")).isEqualTo(3 * FREE);
    }

    @Test
    void revokingTellsNothingOfWhoHasAnAccount() {
        var share = master.get(ShareNames.class);
        String known = refusal(() -> share.revoke(anna, ROOT, "bob"));
        assertThat(refusal(() -> share.revoke(anna, ROOT, "zoe"))).isEqualTo(known.replace("bob", "zoe"));
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "";
        } catch (HoldfastException e) {
            return e.kind() + " " + e.code() + " " + e.sentence();
        }
    }
}
