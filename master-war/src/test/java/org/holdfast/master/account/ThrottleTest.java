package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ThrottleTest {
    private static final ThrottleConfig BOUNDS = ThrottleConfig.DEFAULT;
    private static final Client HERE = Client.of("10.0.0.1", "test");
    private static final Client ELSEWHERE = Client.of("10.0.0.2", "test");
    private static final String HASH = PasswordHash.of("right");
    private static final String RIGHT = basic("admin", "right");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void thePassword() throws Exception {
        master.sql("UPDATE account SET password_hash = ?, email = 'admin@example.org'", HASH);
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Caller caller(String authorization, Client client) {
        return master.get(SignIn.class).caller(authorization, client);
    }

    private GuessedAt target(String name) {
        return master.get(Accounts.class)
                .known(name)
                .map(account -> GuessedAt.account(account.caller().accountId()))
                .orElseGet(() -> GuessedAt.nobody(name));
    }

    /** As a wrong password; computing its hash would take most of the time. */
    private void assertWrong(String name, Client client) {
        master.get(Throttle.class).require(target(name), client);
        master.get(Throttle.class).failed(target(name), client);
    }

    private void assertThrottled(String name, Client client) {
        assertRefused(
                FailureKind.THROTTLED,
                "too-many-attempts",
                () -> master.get(Throttle.class).require(target(name), client));
    }

    private void assertRight(Client client) {
        master.get(Throttle.class).require(target("admin"), client);
        master.get(Throttle.class).succeeded(target("admin"), client);
    }

    /** Guesses as often as an address may. Returns how often. */
    private int guess(String name, Client client, Duration within) {
        var end = master.clock().instant().plus(within);
        int guesses = 0;
        while (master.clock().instant().isBefore(end)) {
            try {
                assertWrong(name, client);
                guesses++;
            } catch (HoldfastException e) {
                master.clock().forward(e.retryAfter().orElseThrow());
            }
        }
        return guesses;
    }

    private static Client address(int number) {
        return Client.of("192.0." + number / 256 + "." + number % 256, "bot");
    }

    private void guessFromNewAddresses(String name, int addresses) {
        for (int i = 1; i <= addresses; i++) {
            assertWrong(name, address(i));
        }
    }

    @Test
    void guessingIsSlowedDownAtAllMastersAndARightPasswordForgivesIt() throws Exception {
        for (int guess = 1; guess <= BOUNDS.pairFree(); guess++) {
            assertWrong("admin", HERE);
        }
        assertThatThrownBy(() -> master.get(Throttle.class).require(target("admin"), HERE))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.THROTTLED);
                    assertThat(e.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
                });
        String pair = "account:" + master.admin().accountId() + "@10.0.0.1";
        assertThat(master.count("SELECT failures FROM sign_in_failure WHERE subject = ?", pair))
                .as("a refused attempt does not count")
                .isEqualTo(BOUNDS.pairFree());
        master.clock().forward(Duration.ofSeconds(1));
        assertWrong("admin", HERE);
        master.clock().forward(Duration.ofSeconds(1));
        assertThrottled("admin", HERE);
        master.clock().forward(Duration.ofSeconds(1));
        assertRight(HERE);
        assertThat(master.count("SELECT COUNT(*) FROM sign_in_failure WHERE subject = ?", pair))
                .isZero();
        assertThat(master.count("SELECT failures FROM sign_in_failure WHERE subject = 'address:10.0.0.1'"))
                .as("its owner could guess at others")
                .isEqualTo(BOUNDS.pairFree() + 1);
        assertWrong("admin", HERE);
    }

    @Test
    void guessingFromAnAddressIsSlowedDownWhateverTheNames() {
        for (int guess = 1; guess <= BOUNDS.addressFree(); guess++) {
            assertWrong("nobody" + guess, HERE);
        }
        assertThrottled("admin", HERE);
        assertRight(ELSEWHERE);
        master.clock().forward(BOUNDS.longest());
        assertRight(HERE);
    }

    @Test
    void whoGuessesFromOneAddressLocksNobodyOutAtAnother() {
        assertThat(guess("admin", HERE, Duration.ofHours(6))).isBetween(100, 400);
        assertWrong("admin", Client.of("10.0.0.3", null));
        assertRight(ELSEWHERE);
    }

    @Test
    void theNameAndTheEmailAddressOfAnAccountShareACount() {
        for (int guess = 1; guess <= BOUNDS.pairFree(); guess++) {
            String name = guess % 2 == 0 ? "admin" : "Admin@example.org";
            assertRefused(FailureKind.UNAUTHENTICATED, "sign-in-required", () -> caller(basic(name, "a guess"), HERE));
        }
        assertRefused(FailureKind.THROTTLED, "too-many-attempts", () -> caller(RIGHT, HERE));
        assertThat(caller(RIGHT, ELSEWHERE)).isEqualTo(master.admin());
    }

    @Test
    void anIpv6AddressCountsByItsSubnet() {
        for (int guess = 1; guess <= BOUNDS.pairFree(); guess++) {
            assertWrong("admin", Client.of("2001:db8:0:1::" + guess, null));
        }
        assertThrottled("admin", Client.of("2001:db8:0:1:ffff::1", null));
        assertRight(Client.of("2001:db8:0:2::1", null));
    }

    @Test
    void guessingFromEverNewAddressesIsSlowedDownButTheOwnersAddressIsNot() throws Exception {
        assertRight(HERE);
        guessFromNewAddresses("admin", BOUNDS.accountFree());
        assertThrottled("admin", ELSEWHERE);
        assertRight(HERE);
        master.clock().forward(Duration.ofSeconds(1));
        assertWrong("admin", address(1_000));
        assertThrottled("admin", address(1_001));
    }

    @Test
    void aNewAddressWaitsForAMinuteAtMost() {
        guessFromNewAddresses("admin", BOUNDS.accountFree());
        for (int i = 0; i < 10; i++) {
            master.clock().forward(BOUNDS.longestNew());
            assertWrong("admin", address(1_000 + i));
        }
        assertThrottled("admin", ELSEWHERE);
        master.clock().forward(BOUNDS.longestNew());
        assertRight(ELSEWHERE);
    }

    @Test
    void addressesThatGoOnGuessingAreSlowedDownTogether() {
        for (int i = 1; i <= BOUNDS.accountFree(); i++) {
            assertWrong("admin", address(i % 10));
        }
        for (int i = 1; i <= BOUNDS.accountFree() / 2; i++) {
            assertWrong("admin", address(i % 10));
        }
        assertThrottled("admin", address(1));
        assertRight(ELSEWHERE);
    }

    @Test
    void aNameThatNobodyHasIsThrottledAlike() {
        guessFromNewAddresses("nobody", BOUNDS.accountFree());
        assertThrottled("nobody", ELSEWHERE);
        assertRight(ELSEWHERE);
    }

    @Test
    void anAdministratorLiftsItForAnAccount() throws Exception {
        for (int guess = 1; guess <= BOUNDS.pairFree(); guess++) {
            assertWrong("admin", HERE);
        }
        for (int guess = BOUNDS.pairFree(); guess < BOUNDS.addressFree(); guess++) {
            assertWrong("nobody" + guess, HERE);
        }
        guessFromNewAddresses("admin", BOUNDS.accountFree() - 1);
        assertThrottled("admin", HERE);
        assertThrottled("admin", ELSEWHERE);
        master.get(Throttle.class).lift(master.admin().accountId());
        assertThat(master.rows("SELECT subject FROM sign_in_failure WHERE subject LIKE 'account:%'"))
                .isEmpty();
        assertRight(HERE);
        assertRight(ELSEWHERE);
    }

    @Test
    void addressesOfTheOwnerAreForgottenAfterNinetyDays() throws Exception {
        assertRight(HERE);
        assertThat(master.rows("SELECT address FROM sign_in_address")).containsExactly("10.0.0.1");
        master.clock().forward(KnownAddresses.KEEP.plusSeconds(1));
        master.get(SweepAccounts.class).sweep();
        assertThat(master.rows("SELECT address FROM sign_in_address")).isEmpty();
    }

    @Test
    void eachFurtherGuessDoublesTheWaitUpToTheLongest() {
        assertThat(Throttle.delay(4, 5, BOUNDS.longest())).isZero();
        assertThat(Throttle.delay(5, 5, BOUNDS.longest())).isEqualTo(Duration.ofSeconds(1));
        assertThat(Throttle.delay(8, 5, BOUNDS.longest())).isEqualTo(Duration.ofSeconds(8));
        assertThat(Throttle.delay(14, 5, BOUNDS.longest())).isEqualTo(Duration.ofSeconds(512));
        assertThat(Throttle.delay(15, 5, BOUNDS.longest())).isEqualTo(BOUNDS.longest());
        assertThat(Throttle.delay(Integer.MAX_VALUE, 5, BOUNDS.longest())).isEqualTo(BOUNDS.longest());
        assertThat(Throttle.delay(11, 5, BOUNDS.longestNew())).isEqualTo(BOUNDS.longestNew());
    }
}
