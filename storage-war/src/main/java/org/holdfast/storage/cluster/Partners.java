package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.storage.store.ReceiveBlob;

/** How the partners of one upload are spoken to. */
final class Partners {
    private static final Logger LOG = System.getLogger(Partners.class.getName());

    private final Membership membership;
    private final ClusterCall calls;
    private final ForwardUploads.Patience patience;
    private final ReceiveBlob.Upload upload;
    private final String ticket;

    /**
     * Of one upload.
     *
     * @param calls unsigned; nodes let each other do what a master's ticket says
     * @param ticket text of the upload's ticket, in which a master has put what is for the partners
     */
    Partners(
            Membership membership,
            ClusterCall calls,
            ForwardUploads.Patience patience,
            ReceiveBlob.Upload upload,
            String ticket) {
        this.membership = membership;
        this.calls = calls;
        this.patience = patience;
        this.upload = upload;
        this.ticket = ticket;
    }

    /** In the order in which to try them; never this node itself. */
    List<Member> all() {
        return named().stream()
                .filter(member -> !member.name().equals(membership.identity().name()))
                .toList();
    }

    private List<Member> named() {
        return upload.ticket().terms().map(PutTerms::partners).orElse(List.of());
    }

    String here() {
        return membership.identity().name();
    }

    long expectedBytes() {
        return upload.expectedBytes();
    }

    /** Connects, with a ticket that allows the partner to land the blob and leaves the commit to this node. */
    PartnerUpload open(Member partner, long sizeBytes) throws IOException {
        URI uri = at(partner, "/blobs/");
        return new PartnerUpload(
                partner, BlobUpload.open(uri, sizeBytes, told(), patience.connect(), patience.stall(sizeBytes)));
    }

    /** What the request told beyond the ticket: the partner is to compare it, and to compute what was wanted. */
    private Map<String, String> told() {
        return upload.told().values().isEmpty()
                ? Map.of()
                : Map.of("Repr-Digest", upload.told().reprDigest());
    }

    private URI at(Member partner, String prefix) {
        String shown = membership.credentials().tickets().forPartner(ticket, named().indexOf(partner));
        return URI.create(partner.url() + prefix + upload.ticket().blob().id() + "?ticket=" + shown);
    }

    /** Asks a partner to forget its copy, unless it is committed. When it does not hear, it forgets by itself later. */
    void withdraw(Member partner) {
        try {
            var answer =
                    calls.send("DELETE", at(partner, "/internal/v1/blobs/"), Optional.empty(), patience.withdraw());
            if (!answer.isSuccess()) {
                LOG.log(Level.WARNING, "{0} keeps a withdrawn blob for a day: {1}", partner.name(), answer);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} keeps a withdrawn blob for a day: {1}", partner.name(), e);
        }
    }
}
