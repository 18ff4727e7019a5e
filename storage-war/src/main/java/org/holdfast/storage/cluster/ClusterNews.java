package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ping;
import org.jspecify.annotations.Nullable;

/** What the leading master last told this node. Thread-safe. */
public final class ClusterNews {
    private static final Logger LOG = System.getLogger(ClusterNews.class.getName());

    private final Membership membership;
    private @Nullable Ping last;

    public ClusterNews(Membership membership) {
        this.membership = membership;
    }

    /**
     * Takes over a heartbeat's news.
     *
     * @throws HoldfastException CONFLICT {@code stale-leader} when a later leader has been heard
     */
    public synchronized void take(Ping ping) {
        if (last != null && ping.leader().token() < last.leader().token()) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "stale-leader",
                    "This node has heard from the leader " + last.leader().name() + " with fencing token "
                            + last.leader().token() + ".");
        }
        Optional<Long> before = last().flatMap(Ping::bandwidthBytesPerSecond);
        last = ping;
        Optional<Long> cap = ping.bandwidthBytesPerSecond();
        if (!cap.equals(before)) {
            LOG.log(
                    Level.INFO,
                    "workers may copy from and to this node {0} bytes per second",
                    cap.map(String::valueOf).orElse("any number of"));
        }
        membership.hearKeyIds(ping.cluster().keyIds());
        membership.hearRemoved(ping.cluster().removed());
        try {
            membership.hear(ping.cluster().masters());
        } catch (IOException e) {
            // The disk watch tells what is wrong with the disk; the masters of the last run serve as well.
            LOG.log(Level.DEBUG, "the masters can't be written down", e);
        }
    }

    /** The last heartbeat; empty until the first since this process was started. */
    public synchronized Optional<Ping> last() {
        return Optional.ofNullable(last);
    }

    /** The storage nodes as the leader saw them last. */
    public List<Ping.Peer> peers() {
        return last().map(ping -> ping.cluster().peers()).orElse(List.of());
    }
}
