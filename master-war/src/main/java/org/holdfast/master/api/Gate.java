package org.holdfast.master.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Client;
import org.holdfast.master.account.Role;
import org.holdfast.master.account.SignIn;
import org.holdfast.master.cluster.CallNodes;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Membership;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.Removals;
import org.jspecify.annotations.Nullable;

/** Lets a request through to an endpoint, or not. The one place where an access level is enforced. */
@ApplicationScoped
public class Gate {
    /** Who stands behind a request that needs no account. */
    static final Caller NOBODY = new Caller(-1, "nobody", Role.USER, 0);

    /** Value of {@code WWW-Authenticate} in every 401. */
    static final String CHALLENGE = "Basic realm=\"Holdfast\", charset=\"UTF-8\"";

    static final int MAX_BODY_BYTES = 1024 * 1024;
    private static final String BEARER = "Bearer ";

    @Inject
    SignIn signIn;

    @Inject
    ClusterView cluster;

    @Inject
    CallNodes calls;

    @Inject
    Membership membership;

    @Inject
    TlsConfig tls;

    @Inject
    Removals removals;

    /**
     * What of a request the gate looks at.
     *
     * @param method HTTP method
     * @param pathAndQuery raw
     * @param authorization header, or null
     * @param client who sends it
     * @param certificate whom the client's certificate speaks of, where it has shown one
     */
    record Request(
            String method,
            String pathAndQuery,
            @Nullable String authorization,
            Client client,
            Optional<CertifiedName> certificate) {}

    /**
     * A request that was let through; of its body nothing has been read.
     *
     * @param caller who sends it
     * @param signed the head of a signed call, which tells what its body has to be
     */
    record Passed(Caller caller, Optional<SignedCall.Head> signed) {
        /**
         * The body, of a signed call read to its end.
         *
         * @throws HoldfastException UNAUTHENTICATED when it is not the body that was signed; TOO_LARGE, TOO_SLOW
         */
        InputStream body(InputStream in) throws IOException {
            return signed.isPresent() ? new ByteArrayInputStream(signedBody(in)) : new BoundedBody(in);
        }

        /** The same; empty where no call was signed. */
        byte[] signedBody(InputStream in) throws IOException {
            if (signed.isEmpty()) {
                return new byte[0];
            }
            byte[] body = new BoundedBody(in).readAllBytes();
            signed.get().requireBody(body);
            return body;
        }
    }

    /** The caller, when the level lets the request through by its head; UNAUTHENTICATED or FORBIDDEN otherwise. */
    Passed pass(Access.Level level, Request request) {
        return pass(level, request, caller -> {});
    }

    /**
     * As {@link #pass(Access.Level, Request)}.
     *
     * @param recognised hears who it is, also when the level does not let them through
     */
    Passed pass(Access.Level level, Request request, Consumer<Caller> recognised) {
        removals.known().refuse(request.certificate);
        Passed passed = recognise(level, request);
        recognised.accept(passed.caller);
        if (level == Access.Level.ADMINISTRATOR && !passed.caller.isAdministrator()) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "forbidden", "Only administrators may do this.");
        }
        return passed;
    }

    private Passed recognise(Access.Level level, Request request) {
        return switch (level) {
            case PUBLIC -> unsigned(NOBODY);
            case SIGNING_IN -> unsigned(signingIn(request));
            case SIGNED_IN, ADMINISTRATOR -> unsigned(signIn.caller(request.authorization, request.client));
            case CLUSTER -> member(request);
            case JOIN -> joiner(request);
        };
    }

    private static Passed unsigned(Caller caller) {
        return new Passed(caller, Optional.empty());
    }

    /**
     * A certificate opens a session and nothing else: browsers send it along with whatever a foreign page makes them
     * send, and a session's token they do not.
     */
    private Caller signingIn(Request request) {
        return request.authorization == null && request.certificate.isPresent()
                ? signIn.withCertificate(request.certificate.get())
                : signIn.caller(request.authorization, request.client);
    }

    private void requireCertificate(Request request, Set<CertifiedName.Role> roles) {
        if (tls.identity().isPresent()) {
            CertifiedName.require(request.certificate, roles);
        }
    }

    /** A storage node, by its own key and, within TLS, by a certificate that is made out to it. */
    private Passed member(Request request) {
        NodeView node = signer(request);
        if (tls.identity().isPresent()) {
            CertifiedName.require(request.certificate, CertifiedName.Role.NODE, node.name());
        }
        return signedBy(node, request);
    }

    /** Who says to have signed a call. One that was removed is not known any more. */
    private NodeView signer(Request request) {
        return SignedCall.memberOf(request.authorization)
                .flatMap(cluster::byName)
                .orElseThrow(SignedCall::unknownMember);
    }

    private Passed signedBy(NodeView node, Request request) {
        SignedCall.Head head = calls.from(node).verifyHead(request.authorization, request.method, request.pathAndQuery);
        return new Passed(NOBODY, Optional.of(head));
    }

    private Passed joiner(Request request) {
        String header = request.authorization;
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            NodeView node = signer(request);
            // Whose certificate that is, is asked where a join is read: another node may pass it on.
            requireCertificate(request, Set.of(CertifiedName.Role.NODE));
            return signedBy(node, request);
        }
        byte[] told = header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(told, membership.joinToken().getBytes(StandardCharsets.UTF_8))) {
            throw HoldfastException.of(
                    FailureKind.UNAUTHENTICATED, "join-token-wrong", "The join token is not this cluster's.");
        }
        requireCertificate(request, Set.of(CertifiedName.Role.NODE));
        return unsigned(NOBODY);
    }
}
