package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@code Authorization} header, Basic (RFC 7617) or Bearer (RFC 6750), into a caller.
 *
 * <p>What was found right is remembered for {@link #MEMORY}, under a digest salted anew at each start, so that neither
 * Argon2 nor the database is asked at every request and a revoked session ends within that time; after it a password is
 * only compared by its account's hash. Argon2 takes 19 MiB
 * each time: at most {@link #MAX_HASHING} run at once.
 */
@ApplicationScoped
public class SignIn {
    static final Duration MEMORY = Duration.ofSeconds(5);
    private static final int MAX_HASHING = 2;
    private static final int MAX_REMEMBERED = 10_000;
    private static final int TOKEN_BYTES = 32;
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private final Map<String, Remembered> memory = new ConcurrentHashMap<>();
    private final Semaphore hashing = new Semaphore(MAX_HASHING, true);
    private final SecureRandom random = new SecureRandom();
    private final byte[] salt = new byte[TOKEN_BYTES];

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    public SignIn() {
        random.nextBytes(salt);
    }

    private record Remembered(Caller caller, Optional<String> passwordHash, Instant until) {}

    /**
     * A new session.
     *
     * @param token the bearer token; shown once and not kept
     * @param expiresAt when it ends by itself
     */
    public record NewSession(String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "NewSession[expiresAt=" + expiresAt + "]";
        }
    }

    /**
     * The caller behind the header.
     *
     * @param authorization the header's value, or null when it is missing
     * @throws HoldfastException UNAUTHENTICATED {@code sign-in-required}
     */
    public Caller caller(@Nullable String authorization) {
        if (authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return remembered(authorization, () -> basic(authorization.substring(BASIC.length())), true);
        }
        Optional<String> token = bearerToken(authorization);
        if (token.isPresent()) {
            return remembered(token.get(), () -> accounts.withSession(sha256(token.get())), false);
        }
        throw refused("Sign in with user name and password (HTTP Basic) or with a session's bearer token.");
    }

    /**
     * The caller whom a certificate names; TLS has made sure that it is one of the cluster's and who holds its key.
     *
     * @throws HoldfastException UNAUTHENTICATED {@code sign-in-required} when it names no account
     */
    public Caller withCertificate(CertifiedName certificate) {
        return Optional.of(certificate)
                .filter(name -> name.role() == CertifiedName.Role.USER)
                .flatMap(name -> accounts.named(name.name()))
                .orElseThrow(() -> refused("The certificate of " + certificate + " belongs to no account."));
    }

    /** Opens a session for somebody who has just signed in. */
    public NewSession open(Caller caller) {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new NewSession(token, accounts.openSession(caller, sha256(token)));
    }

    /** Ends the session whose token the header carries; does nothing for other headers. */
    public void close(@Nullable String authorization) {
        bearerToken(authorization).ifPresent(token -> {
            memory.remove(memoryKey(token));
            accounts.closeSession(sha256(token));
        });
    }

    private static Optional<String> bearerToken(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private Optional<Caller> basic(String encoded) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : accounts.withPassword(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private Caller remembered(String secret, Supplier<Optional<Caller>> ask, boolean isPassword) {
        String key = memoryKey(secret);
        return recall(key).or(() -> recheck(key)).orElseGet(() -> {
            hashing.acquireUninterruptibly();
            try {
                return recall(key).orElseGet(() -> {
                    Caller caller = ask.get().orElseThrow(() -> refused("User name, password or token is wrong."));
                    return remember(key, caller, isPassword ? accounts.hash(caller.name()) : Optional.empty());
                });
            } finally {
                hashing.release();
            }
        });
    }

    private Optional<Caller> recall(String key) {
        Remembered found = memory.get(key);
        return found != null && clock.instant().isBefore(found.until) ? Optional.of(found.caller) : Optional.empty();
    }

    /** A password that was right stays right while its account has the same hash: no need to compute that again. */
    private Optional<Caller> recheck(String key) {
        Remembered found = memory.get(key);
        return found == null || found.passwordHash.isEmpty()
                ? Optional.empty()
                : accounts.withHash(found.caller.name(), found.passwordHash.get())
                        .map(caller -> remember(key, caller, found.passwordHash));
    }

    private Caller remember(String key, Caller caller, Optional<String> passwordHash) {
        if (memory.size() >= MAX_REMEMBERED) {
            memory.values().removeIf(entry -> !clock.instant().isBefore(entry.until));
        }
        if (memory.size() < MAX_REMEMBERED) {
            memory.put(key, new Remembered(caller, passwordHash, clock.instant().plus(MEMORY)));
        }
        return caller;
    }

    private String memoryKey(String secret) {
        MessageDigest digest = sha256();
        digest.update(salt);
        return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static HoldfastException refused(String sentence) {
        return HoldfastException.of(FailureKind.UNAUTHENTICATED, "sign-in-required", sentence);
    }
}
