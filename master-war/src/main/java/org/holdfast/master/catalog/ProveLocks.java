package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.holdfast.contract.LockBeat;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.WriteLock;

/**
 * Ties the lock of an upload to the node that takes its bytes in: a node can renew and release the locks whose tickets were
 * made for it, and no other. Nothing is kept for it; the proof travels in the ticket.
 */
@ApplicationScoped
public class ProveLocks {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    @Inject
    MasterKeys keys;

    /** The lock as the ticket for this node tells it. */
    WriteLock heldBy(String node, WriteLock lock) {
        return lock.heldBy(proof(node, lock.token()));
    }

    /** Whether a node may speak of a lock. */
    public boolean isHeldBy(String node, LockBeat.Held lock) {
        return MessageDigest.isEqual(
                proof(node, lock.token()).getBytes(StandardCharsets.US_ASCII),
                lock.proof().getBytes(StandardCharsets.UTF_8));
    }

    private String proof(String node, long token) {
        byte[] mac = keys.forPurpose("locks").mac((token + " " + node).getBytes(StandardCharsets.UTF_8));
        return ENCODER.encodeToString(mac);
    }
}
