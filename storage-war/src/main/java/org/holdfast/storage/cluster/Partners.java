package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.store.ReceiveBlob;

/** How the partners of one upload are spoken to. */
final class Partners {
    private static final Logger LOG = System.getLogger(Partners.class.getName());

    /**
     * How long a copy that a partner has landed waits for a master to know it. Longer than the slowest put, since a copy
     * that went before the commit would break the put's promise.
     */
    private static final Duration TICKET_LIFE = Duration.ofDays(1);

    private final Membership membership;
    private final Clock clock;
    private final ForwardUploads.Patience patience;
    private final ReceiveBlob.Upload upload;

    Partners(Membership membership, Clock clock, ForwardUploads.Patience patience, ReceiveBlob.Upload upload) {
        this.membership = membership;
        this.clock = clock;
        this.patience = patience;
        this.upload = upload;
    }

    /** In the order in which to try them; never this node itself. */
    List<Member> all() {
        return upload.ticket().terms().map(PutTerms::partners).orElse(List.of()).stream()
                .filter(member -> !member.name().equals(membership.identity().name()))
                .toList();
    }

    String here() {
        return membership.identity().name();
    }

    long expectedBytes() {
        return upload.expectedBytes();
    }

    /** Connects, with a ticket that allows the partner to land the blob and leaves the commit to this node. */
    PartnerUpload open(Member partner, long sizeBytes) throws IOException {
        var credentials = membership.credentials();
        String ticket = credentials.tickets().seal(landing(upload.ticket()));
        URI uri = URI.create(partner.url() + "/blobs/" + upload.ticket().blob().id() + "?ticket=" + ticket);
        return new PartnerUpload(
                partner, BlobUpload.open(uri, sizeBytes, Map.of(), patience.connect(), patience.stall(sizeBytes)));
    }

    private Ticket landing(Ticket ticket) {
        var digests = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        digests.putAll(upload.told().values());
        digests.putAll(ticket.blob().digests().values());
        return new Ticket(
                Ticket.Operation.LAND,
                new BlobFacts(ticket.blob().id(), upload.expectedBytes(), new Digests(digests)),
                ticket.address(),
                ticket.contentType(),
                clock.instant().plus(TICKET_LIFE),
                ticket.terms().map(terms -> terms.with(1, List.of())));
    }

    /** Asks a partner to forget its copy, unless it is committed. When it does not hear, it forgets by itself later. */
    void withdraw(Member partner) {
        URI uri = URI.create(
                partner.url() + "/internal/v1/blobs/" + upload.ticket().blob().id() + "?stage=uncommitted");
        try {
            var answer = membership.credentials().calls().send("DELETE", uri, Optional.empty(), patience.withdraw());
            if (!answer.isSuccess()) {
                LOG.log(Level.WARNING, "{0} keeps a withdrawn blob for a day: {1}", partner.name(), answer);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} keeps a withdrawn blob for a day: {1}", partner.name(), e);
        }
    }
}
