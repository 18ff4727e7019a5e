package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.contract.Ulid;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.RecordStrangers;
import org.holdfast.master.cluster.Membership;

/**
 * Records what is asked of this master and what came of it: around all endpoints, so that none can forget it. What changes
 * something is answered when its record is stored; what reads is recorded on the side. When no more records can be kept,
 * what would need one is refused.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class AuditFilter implements Filter {
    @Inject
    AuditTrail trail;

    @Inject
    RecordStrangers strangers;

    @Inject
    Membership membership;

    @Inject
    Clock clock;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var asked = (HttpServletRequest) request;
        var answer = (HttpServletResponse) response;
        Instant begun = clock.instant();
        if (AuditRules.isAlwaysRecorded(asked.getMethod(), asked.getRequestURI())) {
            try {
                trail.requireRoom();
            } catch (HoldfastException e) {
                EndpointServlet.write(answer, Problem.of(e));
                return;
            }
        }
        var recorded = AuditRules.changes(asked.getMethod())
                ? new HeldAnswer(answer, status -> record(asked, status, begun).ifPresent(this::addAndWait))
                : new HeldAnswer(answer, status -> record(asked, status, begun).ifPresent(this::add));
        try {
            chain.doFilter(request, AuditRules.changes(asked.getMethod()) ? recorded : answer);
        } catch (IOException | ServletException | RuntimeException e) {
            recorded.settle(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            throw e;
        }
        recorded.settle(answer.getStatus());
    }

    private void addAndWait(AuditRecord record) {
        if (RefusedStrangers.isOne(record)) {
            strangers.add(record);
        } else {
            var unused = trail.addAndWait(record);
        }
    }

    private void add(AuditRecord record) {
        if (RefusedStrangers.isOne(record)) {
            strangers.add(record);
        } else {
            trail.add(record);
        }
    }

    private Optional<AuditRecord> record(HttpServletRequest request, int status, Instant begun) {
        Optional<String> code = text(request, AuditNote.CODE);
        String path = request.getRequestURI();
        if (!AuditRules.isRecorded(request.getMethod(), path, status, code)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Long> bytes = Optional.ofNullable(request.getAttribute(AuditNote.BYTES))
                .filter(Long.class::isInstance)
                .map(Long.class::cast);
        return Optional.of(new AuditRecord(
                Ulid.next(clock),
                now,
                membership.masterName(),
                AuditWho.of(request),
                what(request),
                new AuditRecord.Result(status, code, bytes, Duration.between(begun, now))));
    }

    private static AuditRecord.What what(HttpServletRequest request) {
        AuditRecord.What what = AuditRules.what(request.getMethod(), request.getRequestURI(), request.getQueryString());
        return new AuditRecord.What(
                what.action(),
                text(request, AuditNote.OBJECT).orElse(what.object()),
                text(request, AuditNote.DETAIL).or(what::detail));
    }

    private static Optional<String> text(HttpServletRequest request, String note) {
        return Optional.ofNullable(request.getAttribute(note)).map(Object::toString);
    }
}
