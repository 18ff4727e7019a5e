package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.SecretKeys;
import org.holdfast.contract.Ulid;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SignInTest {
    private static final Client HERE = Client.of("10.0.0.1", "test");
    private static final String RIGHT = basic("admin", "right: with a colon");
    private static final String HASH = PasswordHash.of("right: with a colon");
    private static final String OTHER_HASH = PasswordHash.of("other");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void thePassword() throws Exception {
        master.sql("UPDATE account SET password_hash = ?, email = 'admin@example.org'", HASH);
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private SignIn signIn() {
        return master.get(SignIn.class);
    }

    private Caller caller(@Nullable String authorization) {
        return signIn().caller(authorization, HERE);
    }

    private String bearer() {
        return "Bearer " + signIn().open(present("admin"), HERE).token();
    }

    private Caller present(String name) {
        return master.get(Accounts.class).require(name);
    }

    private void assertNobody(@Nullable String authorization) {
        assertRefused(FailureKind.UNAUTHENTICATED, "sign-in-required", () -> caller(authorization));
    }

    private void assertForbidden(String code, String authorization) {
        assertRefused(FailureKind.FORBIDDEN, code, () -> caller(authorization));
    }

    @Test
    void nameOrEmailAndPasswordGiveTheCaller() {
        assertThat(caller(RIGHT)).isEqualTo(master.admin());
        assertThat(caller(RIGHT.replace("Basic", "bASIC"))).isEqualTo(master.admin());
        assertThat(caller(basic("Admin@Example.org", "right: with a colon"))).isEqualTo(master.admin());
    }

    @Test
    void anythingElseIsNobody() throws Exception {
        assertNobody(null);
        assertNobody("");
        assertNobody("Digest x");
        assertNobody(basic("admin", "wrong"));
        assertNobody(basic("nobody", "right: with a colon"));
        assertNobody("Basic ###");
        assertNobody("Basic " + Base64.getEncoder().encodeToString(new byte[] {'a', 'd', 'm'}));
        assertNobody("Bearer x");
        assertNobody("Bearer ");
        master.sql("UPDATE account SET password_hash = '-'");
        assertNobody(basic("admin", "nobody has this password"));
    }

    @Test
    void theFirstAdministratorIsMadeOnceWithItsNamespace() throws Exception {
        var accounts = master.get(EditAccounts.class);
        assertThat(accounts.makeFirstAdministrator("root", "long enough")).isEmpty();
        master.sql("UPDATE account SET role = 'USER'");
        var made = accounts.makeFirstAdministrator("root", "long enough").orElseThrow();
        assertThat(made.isAdministrator()).isTrue();
        assertThat(accounts.makeFirstAdministrator("root2", "long enough")).isEmpty();
        assertThat(caller(basic("root", "long enough"))).isEqualTo(made);
        assertThat(master.get(Accounts.class).require("root")).isEqualTo(made);
        assertThat(master.count(
                        "SELECT COUNT(*) FROM namespace WHERE name = 'root' AND owner_id = ?", made.accountId()))
                .isEqualTo(1);
    }

    @Test
    void aRightPasswordIsRememberedForFiveSeconds() throws Exception {
        assertThat(caller(RIGHT)).isEqualTo(master.admin());
        master.sql("UPDATE account SET password_hash = ?", OTHER_HASH);
        master.clock().forward(SignIn.MEMORY.minusMillis(1));
        assertThat(caller(RIGHT)).isEqualTo(master.admin());
        master.clock().forward(Duration.ofMillis(1));
        assertNobody(RIGHT);
    }

    @Test
    void aWrongPasswordIsNotRemembered() throws Exception {
        assertNobody(basic("admin", "other"));
        master.sql("UPDATE account SET password_hash = ?", OTHER_HASH);
        assertThat(caller(basic("admin", "other"))).isEqualTo(master.admin());
    }

    @Test
    void aSessionLastsUntilItIsClosed() throws Exception {
        var session = signIn().open(master.admin(), HERE);
        String bearer = "Bearer " + session.token();
        assertThat(session.toString()).doesNotContain(session.token());
        assertThat(master.rows("SELECT * FROM session").get(0)).doesNotContain(session.token());
        assertThat(caller(bearer)).isEqualTo(master.admin());
        signIn().close(RIGHT);
        signIn().close(null);
        assertThat(caller(bearer)).isEqualTo(master.admin());
        signIn().close(bearer);
        assertNobody(bearer);
        signIn().close(bearer);
        assertThat(caller(bearer())).as("others go on").isEqualTo(master.admin());
    }

    @Test
    void aTokenIsBelievedWithoutTheDatabase() throws Exception {
        String bearer = bearer();
        master.sql("DELETE FROM session");
        master.sql("UPDATE account SET role = 'USER'");
        assertThat(caller(bearer)).isEqualTo(master.admin());
    }

    @Test
    void aForgedTokenIsNobodys() {
        String token = bearer();
        String claims = token.substring("Bearer ".length(), token.indexOf('.'));
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8)
                        .replace("\"name\":\"admin\"", "\"name\":\"other\"")
                        .getBytes(StandardCharsets.UTF_8));
        assertNobody(token.replace(claims, other));
        assertNobody(token + "A");
        String sealed = master.get(SealedText.class).seal("holdfast-password-link-1", "{}");
        assertNobody("Bearer " + sealed);
        assertThat(master.get(SealedText.class).open("holdfast-password-link-1", sealed))
                .contains("{}");
        assertThat(master.get(SealedText.class).open("something-else", sealed)).isEmpty();
    }

    /** As by somebody who has the masters' key. */
    @Test
    void aSealAloneMakesNoSession() throws Exception {
        var user = master.user("ute");
        String id = Ulid.next(master.clock());
        Instant end = master.clock().instant().plus(Sessions.LIFE);
        assertNobody(sealed(new SessionClaims(id, user, end)));
        assertNobody(sealed(new SessionClaims(id, new Caller(4711, "ghost", Role.ADMINISTRATOR, 0), end)));
        master.sql(
                "INSERT INTO session (id, account_id, opened_at, expires_at, last_used_at, address, user_agent)"
                        + " VALUES (?, ?, NOW(), NOW(), NOW(), '', '')",
                id,
                user.accountId());
        var boss = new Caller(user.accountId(), user.name(), Role.ADMINISTRATOR, user.epoch());
        assertNobody(sealed(new SessionClaims(id, boss, end)));
        assertThat(caller(sealed(new SessionClaims(id, user, end))))
                .as("another master's session")
                .isEqualTo(user);
    }

    /** A node has keys that come from the same secret. */
    @Test
    void whatANodeKnowsSealsNoSession() {
        var ofNode = master.get(MasterKeys.class).ofNode("sn1", "disk");
        for (SecretKeys keys : List.of(
                SecretKeys.parse(ofNode.lines()),
                ofNode.tickets(),
                ofNode.callsToMasters(),
                SecretKeys.parse(ofNode.lines()).derive("master", SessionClaims.PURPOSE))) {
            String text = bearer().substring("Bearer ".length()).split("\\.", -1)[0] + "." + keys.signingId();
            byte[] mac = keys.mac(text.getBytes(StandardCharsets.UTF_8));
            assertNobody("Bearer " + text + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(mac));
        }
    }

    private String sealed(SessionClaims claims) {
        return "Bearer " + master.get(SealedText.class).seal(SessionClaims.PURPOSE, claims.toText());
    }

    @Test
    void aSessionThatAnotherMasterHasEndedIsRefusedWithinTwoSeconds() throws Exception {
        String bearer = bearer();
        assertThat(caller(bearer)).isEqualTo(master.admin());
        master.sql("INSERT INTO revocation (account_id, session_id, epoch, at)"
                + " SELECT account_id, id, 0, UTC_TIMESTAMP(6) FROM session");
        assertThat(caller(bearer)).isEqualTo(master.admin());
        master.clock().forward(Revocations.MAX_AGE);
        assertNobody(bearer);
        master.clock().forward(Duration.ofHours(1));
        assertNobody(bearer);
    }

    @Test
    void aChangeOfWhatAnAccountMayEndsItsTokensAndRememberedPasswordsAtOnce() throws Exception {
        var ute = master.user("ute");
        master.sql("UPDATE account SET password_hash = ? WHERE name = 'ute'", HASH);
        String password = basic("ute", "right: with a colon");
        String token = "Bearer " + signIn().open(ute, HERE).token();
        assertThat(caller(password)).isEqualTo(ute);
        assertThat(caller(token)).isEqualTo(ute);
        suspend("ute", true);
        assertForbidden("account-inactive", password);
        assertNobody(token);
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(Accounts.class).require("ute"));
        suspend("ute", false);
        assertThat(caller(password)).isEqualTo(present("ute"));
        assertNobody(token);
        master.get(EditAccounts.class).remove("ute", Optional.empty());
        assertNobody(password);
    }

    private void suspend(String name, boolean suspended) {
        var unused = master.get(EditAccounts.class)
                .change(
                        master.admin(),
                        name,
                        there -> new AccountTerms(
                                there.email(),
                                there.displayName(),
                                there.role(),
                                there.validity(),
                                suspended,
                                there.mustSetPassword(),
                                there.quota()));
    }

    @Test
    void validityBoundsSignInRememberedPasswordsAndTokens() throws Exception {
        var now = master.clock().instant();
        master.sql(
                "UPDATE account SET valid_from = ?, valid_until = ?",
                org.holdfast.master.database.Rows.utc(now.plusSeconds(10)),
                org.holdfast.master.database.Rows.utc(now.plusSeconds(20)));
        assertForbidden("account-inactive", RIGHT);
        assertNobody(basic("admin", "wrong"));
        master.clock().forward(Duration.ofSeconds(10));
        assertThat(caller(RIGHT)).isEqualTo(master.admin());
        var session = signIn().open(master.admin(), HERE);
        assertThat(session.expiresAt()).isEqualTo(now.plusSeconds(20));
        master.clock().forward(Duration.ofSeconds(9));
        assertThat(caller(RIGHT)).isEqualTo(master.admin());
        master.clock().forward(Duration.ofSeconds(1));
        assertForbidden("account-inactive", RIGHT);
        assertNobody("Bearer " + session.token());
    }

    @Test
    void aPasswordThatMustBeSetOpensNothingButItsChange() throws Exception {
        master.sql("UPDATE account SET must_set_password = TRUE");
        assertForbidden("password-must-be-set", RIGHT);
        var change = master.get(ChangePassword.class);
        assertRefused(
                FailureKind.UNAUTHENTICATED,
                "sign-in-required",
                () -> change.change("admin", "wrong", "a new password", HERE));
        assertRefused(
                FailureKind.INVALID,
                "weak-password",
                () -> change.change("admin", "right: with a colon", "short", HERE));
        assertRefused(
                FailureKind.INVALID,
                "weak-password",
                () -> change.change("admin", "right: with a colon", "right: with a colon", HERE));
        change.change("admin", "right: with a colon", "a new password", HERE);
        assertThat(caller(basic("admin", "a new password"))).isEqualTo(present("admin"));
        assertNobody(RIGHT);
    }

    @Test
    void aSessionExpires() throws Exception {
        var session = signIn().open(master.admin(), HERE);
        assertThat(session.expiresAt()).isEqualTo(master.clock().instant().plus(Sessions.LIFE));
        String bearer = "Bearer " + session.token();
        master.clock().forward(Sessions.LIFE.minusSeconds(10));
        assertThat(caller(bearer)).isEqualTo(master.admin());
        master.clock().forward(Duration.ofSeconds(10));
        assertNobody(bearer);
        assertThat(master.count("SELECT COUNT(*) FROM session")).isEqualTo(1);
        master.clock().forward(Duration.ofSeconds(1));
        master.get(SweepAccounts.class).sweep();
        assertThat(master.count("SELECT COUNT(*) FROM session")).isZero();
    }

    @Test
    void sessionsAreListedForTheirOwnersAndEndedOneByOneOrAllTogether() throws Exception {
        var ute = master.user("ute");
        var sessions = master.get(Sessions.class);
        String first = bearer();
        master.clock().forward(Duration.ofMinutes(5));
        String second = bearer();
        assertThat(caller(first)).isEqualTo(master.admin());
        sessions.recordUses();
        var list = sessions.of(master.admin(), "admin");
        assertThat(list).hasSize(2);
        assertThat(list.get(1).client()).isEqualTo(HERE);
        assertThat(list.get(1).openedAt()).isEqualTo(master.clock().instant().minus(Duration.ofMinutes(5)));
        assertThat(list.get(1).lastUsedAt()).isEqualTo(master.clock().instant());
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> sessions.of(ute, "admin"));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> sessions.end(ute, "admin", Optional.empty()));
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> sessions.end(ute, "ute", Optional.of(list.get(0).id())));
        sessions.end(master.admin(), "admin", Optional.of(list.get(1).id()));
        assertNobody(first);
        assertThat(caller(second)).isEqualTo(master.admin());
        sessions.end(master.admin(), "admin", Optional.empty());
        assertNobody(second);
        assertThat(sessions.of(master.admin(), "admin")).isEmpty();
        assertThat(caller(bearer())).isEqualTo(present("admin"));
    }

    /** What a master remembers of a sign-in may be two seconds behind what another one has ended. */
    @Test
    void aSignInThatHasLostItsForceMeanwhileOpensNoSession() throws Exception {
        var ute = master.user("ute");
        Caller remembered = caller(RIGHT);
        master.get(ChangePassword.class).change("admin", "right: with a colon", "a new password", HERE);
        assertOpensNothing(remembered);
        suspend("ute", true);
        assertOpensNothing(ute);
        assertRefused(
                FailureKind.FORBIDDEN,
                "account-inactive",
                () -> signIn().open(new Caller(ute.accountId(), "ute", Role.USER, 1), HERE));
        suspend("ute", false);
        var back = present("ute");
        master.get(EditAccounts.class).remove("ute", Optional.empty());
        assertOpensNothing(back);
        var namesake = master.user("ute");
        assertOpensNothing(new Caller(back.accountId(), "ute", Role.USER, namesake.epoch()));
        assertThat(signIn().open(namesake, HERE).token()).isNotEmpty();
    }

    private void assertOpensNothing(Caller caller) {
        assertRefused(FailureKind.UNAUTHENTICATED, "sign-in-required", () -> signIn().open(caller, HERE));
    }

    @Test
    void aSignOutMakesThisMasterReadWhatIsNewAndNotAll() throws Exception {
        String first = bearer();
        String id = master.rows("SELECT id FROM session").get(0);
        String second = bearer();
        assertThat(caller(second)).isEqualTo(master.admin());
        // Older than any reading but a whole one looks back.
        master.sql(
                "INSERT INTO revocation (account_id, session_id, epoch, at)"
                        + " VALUES (?, ?, 0, UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)",
                master.admin().accountId(),
                id);
        signIn().close(second);
        assertNobody(second);
        assertThat(caller(first)).isEqualTo(master.admin());
    }

    @Test
    void whoEndsSessionsWithoutEndTakesOneRowOfTheList() throws Exception {
        master.sql(
                "INSERT INTO revocation (account_id, session_id, epoch, at)"
                        + " SELECT ?, CONCAT('S', seq), 0, UTC_TIMESTAMP(6) FROM seq_1_to_1000",
                master.admin().accountId());
        String first = bearer();
        String second = bearer();
        assertThat(caller(second)).isEqualTo(master.admin());
        var revocations = master.get(Revocations.class);
        assertThat(revocations.sessionsOf(master.admin().accountId())).isEqualTo(Sessions.MAX_ENDED_PER_ACCOUNT);
        signIn().close(first);
        assertNobody(first);
        assertNobody(second);
        assertThat(revocations.sessionsOf(master.admin().accountId())).isZero();
        assertThat(master.rows("SELECT session_id, epoch FROM revocation")).containsExactly("- 1");
        String third = bearer();
        assertThat(caller(third)).isEqualTo(present("admin"));
        signIn().close(third);
        assertNobody(third);
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
            assertNobody(basic("nobody" + i, "guess " + i));
            return i;
        });
        over.set(true);
        watch.join();
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void ofManyGuessesAtOnceOnlyAFewPass() throws Exception {
        var outcomes = AtOnce.run(16, i -> () -> {
            try {
                return caller(basic("admin", "guess " + i)).name();
            } catch (HoldfastException e) {
                return e.code();
            }
        });
        assertThat(outcomes.stream().filter("sign-in-required"::equals).count())
                .isBetween((long) ThrottleConfig.DEFAULT.pairFree(), ThrottleConfig.DEFAULT.pairFree() + 2L);
        assertThat(outcomes).contains("too-many-attempts");
    }
}
