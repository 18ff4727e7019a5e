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
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@code Authorization} header, Basic (RFC 7617) or Bearer (RFC 6750), into a caller.
 *
 * <p>A bearer token is sealed: once its session was found it is believed without a look into the database, unless that was revoked. A
 * password that was found right is remembered for {@link #MEMORY}, under a digest salted anew at each start, so that
 * neither Argon2 nor the database is asked at every request; after it, it is only compared by its account's hash.
 */
@ApplicationScoped
public class SignIn {
    static final Duration MEMORY = Duration.ofSeconds(5);
    /** By how much the clocks of a master and of where certificates are made may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final int MAX_REMEMBERED = 10_000;
    private static final int SALT_BYTES = 32;
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private final Map<String, Remembered> memory = new ConcurrentHashMap<>();
    private final byte[] salt = new byte[SALT_BYTES];

    @Inject
    Accounts accounts;

    @Inject
    CheckPassword checkPassword;

    @Inject
    Sessions sessions;

    @Inject
    Revocations revocations;

    @Inject
    SealedText seal;

    @Inject
    Clock clock;

    public SignIn() {
        new SecureRandom().nextBytes(salt);
    }

    private record Remembered(Accounts.Known account, Instant until) {}

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
     * @param client who shows it
     * @throws HoldfastException UNAUTHENTICATED {@code sign-in-required}; THROTTLED {@code too-many-attempts};
     *     FORBIDDEN {@code account-inactive} or {@code password-must-be-set} where the password is right
     */
    public Caller caller(@Nullable String authorization, Client client) {
        if (authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return basic(authorization.substring(BASIC.length()).strip(), client);
        }
        if (isBearer(authorization)) {
            SessionClaims claims = claims(authorization).filter(this::lasts).orElseThrow(SignIn::refused);
            sessions.use(claims.sessionId());
            return claims.caller();
        }
        throw HoldfastException.signInRequired();
    }

    /** Whether the header shows a session's token. */
    public static boolean isBearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /**
     * The caller whom a certificate names; TLS has made sure that it is one of the cluster's and who holds its key.
     *
     * @throws HoldfastException UNAUTHENTICATED {@code sign-in-required} when it names no account, or one that was made
     *     later than the certificate: that was made out to somebody else of the same name; FORBIDDEN
     *     {@code account-inactive} or {@code password-must-be-set}
     */
    public Caller withCertificate(CertifiedName certificate) {
        Accounts.Known account = Optional.of(certificate)
                .filter(name -> name.role() == CertifiedName.Role.USER)
                .flatMap(name -> accounts.known(name.name()))
                .filter(known -> known.caller().name().equals(certificate.name()))
                .filter(known ->
                        !known.view().createdAt().isAfter(certificate.madeAt().plus(CLOCKS_DIFFER)))
                .orElseThrow(SignIn::refused);
        return CheckPassword.requireUsable(account, clock.instant()).caller();
    }

    /** Opens a session for somebody who has just signed in; UNAUTHENTICATED when that has lost its force meanwhile. */
    public NewSession open(Caller caller, Client client) {
        SessionClaims claims = sessions.open(caller, client);
        return new NewSession(seal.seal(SessionClaims.PURPOSE, claims.toText()), claims.expiresAt());
    }

    /** Ends the session whose token the header carries; does nothing for other headers. */
    public void close(@Nullable String authorization) {
        claims(authorization).ifPresent(sessions::end);
    }

    private Optional<SessionClaims> claims(@Nullable String authorization) {
        return authorization == null || !isBearer(authorization)
                ? Optional.empty()
                : seal.open(
                                SessionClaims.PURPOSE,
                                authorization.substring(BEARER.length()).strip())
                        .flatMap(SessionClaims::fromText);
    }

    private boolean lasts(SessionClaims claims) {
        return clock.instant().isBefore(claims.expiresAt())
                && revocations.lets(claims.caller(), claims.sessionId())
                && sessions.isKnown(claims);
    }

    private Caller basic(String encoded, Client client) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw refused();
        }
        String login = pair.substring(0, colon);
        String key = memoryKey(pair);
        Remembered found = memory.get(key);
        if (found != null && isFresh(found)) {
            return found.account.caller();
        }
        // What was right stays right while the account has the same hash: no need to compute that again.
        Optional<Accounts.Known> account =
                found == null ? Optional.empty() : checkPassword.sameHash(login, found.account.passwordHash());
        if (account.isEmpty()) {
            memory.remove(key);
            String password = pair.substring(colon + 1);
            account = checkPassword.check(login, password, client, () -> recall(key));
        }
        return remember(key, CheckPassword.requireUsable(account.orElseThrow(SignIn::refused), clock.instant()));
    }

    private Optional<Accounts.Known> recall(String key) {
        return Optional.ofNullable(memory.get(key)).filter(this::isFresh).map(Remembered::account);
    }

    private boolean isFresh(Remembered found) {
        return clock.instant().isBefore(found.until) && revocations.lets(found.account.caller(), "");
    }

    private Caller remember(String key, Accounts.Known account) {
        Instant now = clock.instant();
        if (memory.size() >= MAX_REMEMBERED) {
            memory.values().removeIf(entry -> !now.isBefore(entry.until));
        }
        if (memory.size() < MAX_REMEMBERED) {
            Instant until = account.view().terms().validity().cut(now.plus(MEMORY));
            memory.put(key, new Remembered(account, until));
        }
        return account.caller();
    }

    private String memoryKey(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static HoldfastException refused() {
        return HoldfastException.of(
                FailureKind.UNAUTHENTICATED, "sign-in-required", "User name, password, token or certificate is wrong.");
    }
}
