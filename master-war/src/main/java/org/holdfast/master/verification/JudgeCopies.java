package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof;
import org.holdfast.master.cluster.NodeView;

/**
 * Challenges a node and compares its answer with the catalog. What seems wrong is looked up and challenged once more
 * before it is blamed: a copy may have been deleted, moved or made anew meanwhile.
 */
@ApplicationScoped
public class JudgeCopies {
    /** With the time-out that follows from it, what one answer may cost. A larger blob makes a batch of its own. */
    static final long MAX_BATCH_BYTES = 256L << 20;

    @Inject
    NodeTalk talk;

    @Inject
    HeldCopies copies;

    /** As many of the first copies as go into one challenge. */
    static List<HeldCopy> batch(List<HeldCopy> page, long maxBytes) {
        long bytes = 0;
        int count = 0;
        for (HeldCopy copy : page) {
            bytes += copy.sizeBytes();
            if (count > 0 && bytes > maxBytes) {
                break;
            }
            count++;
        }
        return page.subList(0, count);
    }

    /**
     * Judges a batch.
     *
     * @param toRead which of them are read; of the others presence and length are asked
     * @param bytesPerSecond how fast the node may read; 0: as fast as it can
     * @return one for each copy that still is to be there
     * @throws IOException when the node does not answer
     */
    List<Judged> judge(NodeView node, List<HeldCopy> batch, Predicate<HeldCopy> toRead, long bytesPerSecond)
            throws IOException {
        List<Judged> judged = new ArrayList<>(challenge(node, batch, toRead, bytesPerSecond));
        List<BlobId> doubtful = judged.stream()
                .filter(one -> !one.isRight())
                .map(one -> one.copy().blob())
                .toList();
        judged.removeIf(one -> !one.isRight());
        List<HeldCopy> left = copies.again(node.id(), doubtful);
        while (!left.isEmpty()) {
            List<HeldCopy> next = batch(left, MAX_BATCH_BYTES);
            judged.addAll(challenge(node, next, copy -> true, bytesPerSecond));
            left = left.subList(next.size(), left.size());
        }
        return judged;
    }

    private List<Judged> challenge(NodeView node, List<HeldCopy> batch, Predicate<HeldCopy> toRead, long bytesPerSecond)
            throws IOException {
        List<BlobId> digests = new ArrayList<>();
        List<BlobId> presence = new ArrayList<>();
        long bytes = 0;
        for (HeldCopy copy : batch) {
            boolean read = toRead.test(copy);
            (read ? digests : presence).add(copy.blob());
            bytes += read ? copy.sizeBytes() : 0;
        }
        Map<BlobId, CopyProof> proofs = new HashMap<>();
        talk.challenge(node, new Challenge(digests, presence, bytesPerSecond), bytes)
                .forEach(proof -> proofs.put(proof.blob(), proof));
        List<Judged> judged = new ArrayList<>();
        for (HeldCopy copy : batch) {
            CopyProof proof = proofs.get(copy.blob());
            if (proof == null) {
                throw new IOException(node.name() + " has not answered about " + copy.blob());
            }
            Optional<Wrong> wrong = Wrong.of(copy, proof);
            judged.add(new Judged(copy, wrong, proof.found() == CopyProof.Found.DIGESTED));
        }
        return judged;
    }
}
