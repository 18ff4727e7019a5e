package org.holdfast.master.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.AuditRecord.Via;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.ToldName;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.SignIn;
import org.jspecify.annotations.Nullable;

/** Whose request it was: whom the gate has recognised, or who somebody said to be. */
final class AuditWho {
    private static final List<String> LINKS = List.of("/api/v1/password-links/", SharedResource.PATH);

    private AuditWho() {}

    static AuditRecord.Who of(HttpServletRequest request) {
        String address = EndpointServlet.client(request).address();
        String authorization = request.getHeader("Authorization");
        if (!(request.getAttribute(AuditNote.CALLER) instanceof Caller caller)) {
            return told(authorization, ShownCertificate.of(request), address);
        }
        if (!caller.equals(Gate.NOBODY)) {
            return new AuditRecord.Who(Optional.of(caller.accountId()), caller.name(), via(authorization), address);
        }
        if (request.getAttribute(AuditNote.ACTOR) instanceof String owner) {
            Via via = LINKS.stream().anyMatch(request.getRequestURI()::startsWith) ? Via.LINK : Via.PASSWORD;
            return new AuditRecord.Who(Optional.empty(), owner, via, address);
        }
        String member = ShownCertificate.of(request).map(CertifiedName::name).orElse(AuditRecord.Who.NOBODY);
        return new AuditRecord.Who(Optional.empty(), member, authorization == null ? Via.NOBODY : Via.CLUSTER, address);
    }

    private static Via via(@Nullable String authorization) {
        if (authorization == null) {
            return Via.CERTIFICATE;
        }
        return SignIn.isBearer(authorization) ? Via.SESSION : Via.PASSWORD;
    }

    /** Of somebody whom the gate did not let in: nobody has checked that name. */
    private static AuditRecord.Who told(
            @Nullable String authorization, Optional<CertifiedName> certificate, String address) {
        Optional<String> name = ToldName.of(authorization);
        if (name.isPresent()) {
            return new AuditRecord.Who(Optional.empty(), name.get(), Via.PASSWORD, address);
        }
        if (authorization == null && certificate.isPresent()) {
            return new AuditRecord.Who(Optional.empty(), certificate.get().name(), Via.CERTIFICATE, address);
        }
        Via via = SignIn.isBearer(authorization) ? Via.SESSION : Via.NOBODY;
        return new AuditRecord.Who(Optional.empty(), AuditRecord.Who.NOBODY, via, address);
    }
}
