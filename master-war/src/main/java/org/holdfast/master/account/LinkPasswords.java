package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Passwords of share links: hashed and throttled as those of accounts are. Who told one right gets a pass for a while. */
@ApplicationScoped
public class LinkPasswords {
    /** How long whoever told the password need not tell it again. */
    public static final Duration PASS_LIFE = Duration.ofHours(1);

    private static final String PURPOSE = "holdfast-share-pass-1";

    @Inject
    HashPasswords hashes;

    @Inject
    Throttle throttle;

    @Inject
    SealedText seal;

    @Inject
    Clock clock;

    /** The hash of a new link's password; INVALID {@code weak-password}. */
    public String hash(String password) {
        return hashes.hash(password);
    }

    /**
     * A pass for a link whose password was told right.
     *
     * @throws HoldfastException UNAUTHENTICATED {@code link-password-required}; THROTTLED {@code too-many-attempts}
     */
    public String pass(String linkId, String password, String hash, Client client) {
        GuessedAt target = GuessedAt.link(linkId);
        throttle.require(target, client);
        boolean right = hashes.inTurn(() -> {
            // Again: of many guesses that wait at once only as many as turns may pass before they are counted.
            throttle.require(target, client);
            boolean matches = hashes.matches(password, hash);
            if (!matches) {
                throttle.failed(target, client);
            }
            return matches;
        });
        if (!right) {
            throw required();
        }
        throttle.succeeded(target, client);
        return seal.seal(PURPOSE, linkId + " " + clock.instant().plus(PASS_LIFE));
    }

    /** Whether the pass is one for this link, and still good. */
    public boolean isGood(String pass, String linkId) {
        Optional<String> content = seal.open(PURPOSE, pass);
        return content.filter(text -> text.startsWith(linkId + " "))
                .map(text -> Instant.parse(text.substring(linkId.length() + 1)))
                .filter(until -> clock.instant().isBefore(until))
                .isPresent();
    }

    public static HoldfastException required() {
        return HoldfastException.of(
                FailureKind.UNAUTHENTICATED, "link-password-required", "This link wants its password.");
    }
}
