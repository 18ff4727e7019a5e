package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SignInTest {
    private static final String RIGHT = basic("admin", "right: with a colon");
    private static final String HASH = PasswordHash.of("right: with a colon");
    private static final String OTHER_HASH = PasswordHash.of("other");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void thePassword() throws Exception {
        master.sql("UPDATE account SET password_hash = ?", HASH);
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private SignIn signIn() {
        return master.get(SignIn.class);
    }

    private void assertNobody(@Nullable String authorization) {
        assertRefused(FailureKind.UNAUTHENTICATED, "sign-in-required", () -> signIn().caller(authorization));
    }

    @Test
    void nameAndPasswordGiveTheCaller() {
        assertThat(signIn().caller(RIGHT)).isEqualTo(master.admin());
        assertThat(signIn().caller(RIGHT.replace("Basic", "bASIC"))).isEqualTo(master.admin());
    }

    @Test
    void anythingElseIsNobody() {
        assertNobody(null);
        assertNobody("");
        assertNobody("Digest x");
        assertNobody(basic("admin", "wrong"));
        assertNobody(basic("nobody", "right: with a colon"));
        assertNobody("Basic ###");
        assertNobody("Basic " + Base64.getEncoder().encodeToString(new byte[] {'a', 'd', 'm'}));
        assertNobody("Bearer x");
        assertNobody("Bearer ");
    }

    @Test
    void theFirstAdministratorIsMadeOnce() throws Exception {
        var accounts = master.get(Accounts.class);
        assertThat(accounts.createFirstAdministrator("root", "x")).isEmpty();
        master.sql("UPDATE account SET role = 'USER'");
        var made = accounts.createFirstAdministrator("root", "first").orElseThrow();
        assertThat(made.isAdministrator()).isTrue();
        assertThat(accounts.createFirstAdministrator("root2", "x")).isEmpty();
        assertThat(signIn().caller(basic("root", "first"))).isEqualTo(made);
        assertThat(accounts.require("root")).isEqualTo(made);
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> accounts.require("root2"));
    }

    @Test
    void aRightPasswordIsRememberedForFiveSeconds() throws Exception {
        assertThat(signIn().caller(RIGHT)).isEqualTo(master.admin());
        master.sql("UPDATE account SET password_hash = ?", OTHER_HASH);
        master.clock().forward(SignIn.MEMORY.minusMillis(1));
        assertThat(signIn().caller(RIGHT)).isEqualTo(master.admin());
        master.clock().forward(Duration.ofMillis(1));
        assertNobody(RIGHT);
    }

    @Test
    void aWrongPasswordIsNotRemembered() throws Exception {
        assertNobody(basic("admin", "other"));
        master.sql("UPDATE account SET password_hash = ?", OTHER_HASH);
        assertThat(signIn().caller(basic("admin", "other"))).isEqualTo(master.admin());
    }

    @Test
    void aSessionLastsUntilItIsClosed() throws Exception {
        var session = signIn().open(master.admin());
        String bearer = "Bearer " + session.token();
        assertThat(session.toString()).doesNotContain(session.token());
        assertThat(session.token()).hasSizeGreaterThanOrEqualTo(43);
        assertThat(master.rows("SELECT token_sha256 FROM session").get(0)).doesNotContain(session.token());
        assertThat(signIn().caller(bearer)).isEqualTo(master.admin());
        signIn().close(RIGHT);
        signIn().close(null);
        assertThat(signIn().caller(bearer)).isEqualTo(master.admin());
        signIn().close(bearer);
        assertNobody(bearer);
        signIn().close(bearer);
    }

    @Test
    void aSessionThatAnotherMasterHasClosedEndsWithinFiveSeconds() throws Exception {
        String bearer = "Bearer " + signIn().open(master.admin()).token();
        assertThat(signIn().caller(bearer)).isEqualTo(master.admin());
        master.sql("DELETE FROM session");
        assertThat(signIn().caller(bearer)).isEqualTo(master.admin());
        master.clock().forward(SignIn.MEMORY);
        assertNobody(bearer);
    }

    @Test
    void aSessionExpires() throws Exception {
        var session = signIn().open(master.admin());
        assertThat(session.expiresAt()).isEqualTo(master.clock().instant().plus(Accounts.SESSION_LIFE));
        master.clock().forward(Accounts.SESSION_LIFE.minusSeconds(10));
        String bearer = "Bearer " + session.token();
        assertThat(signIn().caller(bearer)).isEqualTo(master.admin());
        master.clock().forward(Duration.ofSeconds(10));
        assertNobody(bearer);
        assertThat(master.count("SELECT COUNT(*) FROM session")).isEqualTo(1);
        master.clock().forward(Duration.ofSeconds(1));
        var unused = signIn().open(master.admin());
        assertThat(master.count("SELECT COUNT(*) FROM session"))
                .as("expired ones are swept away")
                .isEqualTo(1);
    }

    @Test
    void fewPasswordsAreHashedAtOnce() throws Exception {
        var most = new AtomicInteger();
        var over = new AtomicBoolean();
        var watch = new Thread(() -> {
            while (!over.get()) {
                long hashing = Thread.getAllStackTraces().values().stream()
                        .filter(trace -> Arrays.stream(trace)
                                .anyMatch(frame -> frame.getClassName().equals(PasswordHash.class.getName())))
                        .count();
                most.accumulateAndGet((int) hashing, Math::max);
            }
        });
        watch.start();
        var unused = AtOnce.run(12, i -> () -> {
            assertNobody(basic("admin", "guess " + i));
            return i;
        });
        over.set(true);
        watch.join();
        assertThat(most.get()).isBetween(1, 2);
    }
}
