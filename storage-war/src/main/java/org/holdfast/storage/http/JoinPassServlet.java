package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.SignedCall;
import org.holdfast.storage.cluster.Membership;

/**
 * {@code POST /api/v1/nodes}: another node wants to join and knows only this one; a master decides. The master sees this
 * node's certificate, so this node vouches for the other's: it must be made out to the name that wants to join.
 */
@Access(Access.Level.MASTER_DECIDES)
final class JoinPassServlet extends NodeServlet {
    static final String PATH = "/api/v1/nodes";

    private final transient AskMaster masters;

    JoinPassServlet(Membership membership, AskMaster masters) {
        super(membership, Set.of("POST"));
        this.masters = masters;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> headers = AskMaster.headersOf(request, List.of("Authorization", "Content-Type"));
        if (!headers.containsKey("Authorization")) {
            throw SignedCall.unknownMember();
        }
        if (membership().identity().isSecure()) {
            CertifiedName joiner = CertifiedName.require(ShownCertificate.of(request), Set.of(CertifiedName.Role.NODE));
            headers.put(CertifiedName.VOUCHED, joiner.name());
            headers.put(CertifiedName.VOUCHED_SINCE, joiner.madeAt().toString());
        }
        String body = new String(smallBody(request), java.nio.charset.StandardCharsets.UTF_8);
        var answer = masters.ask(new AskMaster.Question("POST", PATH, headers, body));
        MasterAnswer.pass(answer, request, response);
    }
}
