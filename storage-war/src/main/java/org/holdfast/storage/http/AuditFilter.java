package org.holdfast.storage.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.AuditRecord.Via;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.ToldName;
import org.holdfast.storage.audit.NodeAudit;
import org.jspecify.annotations.Nullable;

/**
 * Records which bytes went to whom and came from whom, and every refusal. What members do among themselves, copying and
 * checking, is not recorded; nor is what a master answers to a question that this node only passes on, for the master has
 * recorded it.
 */
final class AuditFilter implements Filter {
    /** Sign in, forbidden, locked, too many attempts. */
    private static final Set<Integer> REFUSALS = Set.of(401, 403, 423, 429);

    private final NodeAudit audit;

    AuditFilter(NodeAudit audit) {
        this.audit = audit;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Instant begun = audit.begin();
        try {
            chain.doFilter(request, response);
        } finally {
            record((HttpServletRequest) request, ((HttpServletResponse) response).getStatus(), begun);
        }
    }

    private void record(HttpServletRequest request, int status, Instant begun) {
        Ticket ticket = NodeServlet.ticketOrNull(request);
        Optional<String> code =
                note(request, AuditNote.CODE).map(String::valueOf).filter(text -> !text.isEmpty());
        boolean refused = REFUSALS.contains(status) && !code.equals(Optional.of(SignedCall.CLOCK_SKEW));
        boolean moves = !request.getMethod().equals("OPTIONS");
        if (refused || (ticket != null && moves && isOfPeople(ticket))) {
            Optional<Long> bytes = note(request, AuditNote.BYTES)
                    .filter(Long.class::isInstance)
                    .map(Long.class::cast);
            var answer = new NodeAudit.Answer(status, code, bytes);
            if (ticket == null) {
                audit.addStranger(begun, who(request, null), what(request, null), answer);
            } else {
                audit.add(begun, who(request, ticket), what(request, ticket), answer);
            }
        }
    }

    private static Optional<Object> note(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getAttribute(name));
    }

    /** What a master lands here for somebody, it records itself. */
    private static boolean isOfPeople(Ticket ticket) {
        return ticket.operation() == Ticket.Operation.GET || ticket.operation() == Ticket.Operation.PUT;
    }

    private static AuditRecord.Who who(HttpServletRequest request, @Nullable Ticket ticket) {
        String authorization = request.getHeader("Authorization");
        boolean isBlob = request.getRequestURI().startsWith(BlobServlet.PREFIX);
        Optional<String> account = ticket == null ? ToldName.of(authorization) : ticket.account();
        Optional<String> certified = ShownCertificate.of(request).map(CertifiedName::name);
        return new AuditRecord.Who(
                Optional.empty(),
                account.or(() -> certified).orElse(AuditRecord.Who.NOBODY),
                isBlob ? Via.TICKET : via(authorization, certified.isPresent()),
                String.valueOf(request.getRemoteAddr()));
    }

    private static Via via(@Nullable String authorization, boolean certified) {
        if (authorization == null) {
            return certified ? Via.CERTIFICATE : Via.NOBODY;
        }
        String scheme = authorization.replaceAll(" .*", "").toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "basic" -> Via.PASSWORD;
            case "bearer" -> Via.SESSION;
            default -> Via.NOBODY;
        };
    }

    private static AuditRecord.What what(HttpServletRequest request, @Nullable Ticket ticket) {
        String verb = request.getMethod().toLowerCase(Locale.ROOT);
        String path = request.getRequestURI();
        if (ticket != null) {
            return new AuditRecord.What(
                    "blobs." + verb,
                    ticket.address().toString(),
                    Optional.of("blob=" + ticket.blob().id().value()));
        }
        if (path.startsWith(BlobServlet.PREFIX)) {
            return new AuditRecord.What("blobs." + verb, path.substring(BlobServlet.PREFIX.length()));
        }
        if (path.startsWith(FilesServlet.PREFIX)) {
            return new AuditRecord.What("files." + verb, address(path.substring(FilesServlet.PREFIX.length())));
        }
        return new AuditRecord.What("http." + verb, path);
    }

    private static String address(String raw) {
        try {
            return FileAddress.parse(raw).toString();
        } catch (HoldfastException e) {
            return raw;
        }
    }
}
