package org.holdfast.storage.boot;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.ClusterClock;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.OneLine;
import org.holdfast.contract.Ping;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.storage.audit.AuditOutbox;
import org.holdfast.storage.audit.HandOverAudit;
import org.holdfast.storage.audit.NodeAudit;
import org.holdfast.storage.catchup.AppliedSeq;
import org.holdfast.storage.catchup.AskForChanges;
import org.holdfast.storage.catchup.FollowChanges;
import org.holdfast.storage.cluster.ClusterNews;
import org.holdfast.storage.cluster.CommitUpload;
import org.holdfast.storage.cluster.DiskWatch;
import org.holdfast.storage.cluster.ForwardUploads;
import org.holdfast.storage.cluster.HoldLocks;
import org.holdfast.storage.cluster.JoinCluster;
import org.holdfast.storage.cluster.LearnTime;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.ResolveUncommitted;
import org.holdfast.storage.cluster.SelfReport;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.health.CertificateLife;
import org.holdfast.storage.http.Bandwidth;
import org.holdfast.storage.http.Transfers;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.DigestPool;
import org.holdfast.storage.store.FileBlobStore;
import org.holdfast.storage.store.ReceiveBlob;
import org.holdfast.syslog.SyslogConfig;
import org.holdfast.syslog.SyslogSender;

/** Makes every part of the node exactly once and ends them with the application. */
@Singleton
public class NodeWiring {
    private static final Logger LOG = System.getLogger(NodeWiring.class.getName());

    /** A blob that a master committed by itself stays uncommitted for at most this long; it is readable all the time. */
    private static final Duration RESOLVE_BEAT = Duration.ofSeconds(2);

    /** Following costs nothing while there is nothing new: the last change's number comes with the heartbeat. */
    private static final Duration FOLLOW_BEAT = Duration.ofMillis(500);

    private static final Duration SWEEP_BEAT = Duration.ofHours(1);

    private final NodeSettings settings;
    private final DataDirectoryLock lock;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(6, named("holdfast-beat"));
    private final ExecutorService digestThreads = Executors.newCachedThreadPool(named("holdfast-digest"));
    private final ClusterClock clock;
    private final BlobStore store;
    private final Membership membership;
    private final Undecided undecided = new Undecided();
    private final DiskWatch disk;
    private final SelfReport report;
    private final ClusterNews news;
    private final Transfers transfers;
    private final FollowChanges changes;
    private final HoldLocks locks;
    private final AuditOutbox auditOutbox;
    private final Optional<SyslogSender> syslog;
    private final NodeAudit audit;

    /** Reads the configuration and opens the data directory; whatever is wrong with either ends the deployment. */
    @Inject
    public NodeWiring(Config config) {
        OneLine.install();
        settings = NodeSettings.read(config);
        // Before anything connects: an HTTP client keeps the identity that it was made with.
        settings.tls().ifPresent(TlsIdentity::install);
        clock = new ClusterClock(Clock.offset(Clock.systemUTC(), settings.clockOffset()));
        LOG.log(Level.INFO, "storage node starts with {0}", settings);
        lock = DataDirectoryLock.take(settings.store().directory());
        store = FileBlobStore.open(settings.store());
        membership = new Membership(settings.identity(), settings.members().record(), clock);
        disk = new DiskWatch(store, membership::requireOwnDirectory, settings.diskPatience(), System::nanoTime);
        news = new ClusterNews(membership);
        transfers = new Transfers(
                Transfers.places(settings.maxTransfers(), settings.sharePercent()),
                new Bandwidth(System::nanoTime, () -> news.last().flatMap(Ping::bandwidthBytesPerSecond)),
                settings.uploadRate(),
                settings.downloadRate());
        changes = new FollowChanges(
                new AskForChanges(membership),
                store,
                undecided,
                new AppliedSeq(settings.store().directory().resolve("applied-seq")));
        locks = new HoldLocks(membership, System::nanoTime);
        report = new SelfReport(membership, store, disk, changes::appliedSeq, transfers::ofClients);
        auditOutbox = AuditOutbox.open(settings.store().directory().resolve("audit"), AuditOutbox.MOST_BYTES);
        syslog = SyslogConfig.of(name -> config.getOptionalValue(name, String.class))
                .map(SyslogSender::of);
        var refused = RefusedStrangers.Bounds.of(name -> config.getOptionalValue(name, String.class));
        audit = new NodeAudit(
                settings.identity().name(), auditOutbox, syslog, new RefusedStrangers(refused, clock), clock);
        LOG.log(Level.INFO, "data directory is open: {0}", store.space());
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        UndecodablePaths.refuse();
        var join = new JoinCluster(membership, settings.members(), report::now);
        join.keepTrying(timer);
        beat("asking for keys", join::renewKeys, JoinCluster.KEYS_BEAT, JoinCluster.KEYS_BEAT);
        var resolve = new ResolveUncommitted(membership, store, undecided, settings.commitGrace(), clock);
        beat("resolving uncommitted blobs", resolve::run, RESOLVE_BEAT, RESOLVE_BEAT);
        beat("looking at the certificate", this::warnOfCertificate, Duration.ZERO, Duration.ofDays(1));
        beat("learning the time", new LearnTime(membership, clock)::run, Duration.ZERO, LearnTime.BEAT);
        beat("following the changes", changes::beat, FOLLOW_BEAT, FOLLOW_BEAT);
        beat("emptying the quarantine", this::emptyQuarantine, Duration.ZERO, SWEEP_BEAT);
        beat("removing old beginnings", this::removeBeginnings, Duration.ZERO, SWEEP_BEAT);
        beat("renewing locks", locks::beat, HoldLocks.BEAT, HoldLocks.BEAT);
        syslog.ifPresent(sender -> sender.start(named("holdfast-syslog")));
        beat("counting refused strangers", audit::tellStrangers, HandOverAudit.BEAT, HandOverAudit.BEAT);
        beat(
                "handing over the audit log",
                new HandOverAudit(membership, auditOutbox)::run,
                HandOverAudit.BEAT,
                HandOverAudit.BEAT);
        beat("probing the disk", disk::look, Duration.ZERO, DiskWatch.BEAT);
    }

    private void warnOfCertificate() {
        settings.tls().flatMap(own -> own.warning(clock.instant())).ifPresent(text -> LOG.log(Level.WARNING, text));
    }

    /** A beat that fails once must beat on: the executor would silently drop it. */
    private void beat(String name, Runnable work, Duration first, Duration period) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, name + " failed", e);
            }
        };
        var unused = timer.scheduleWithFixedDelay(guarded, first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void emptyQuarantine() {
        int removed = store.quarantine().removeOlderThan(clock.instant().minus(settings.quarantineKeep()));
        if (removed > 0) {
            LOG.log(
                    Level.INFO,
                    "removed {0} files that were in quarantine for {1}",
                    removed,
                    settings.quarantineKeep());
        }
    }

    private void removeBeginnings() {
        int removed = store.beginnings().removeOlderThan(clock.instant().minus(settings.uploadKeep()));
        if (removed > 0) {
            LOG.log(Level.INFO, "removed {0} beginnings of uploads that nobody went on with", removed);
        }
    }

    @Produces
    @Singleton
    FollowChanges changes() {
        return changes;
    }

    @Produces
    @Singleton
    NodeAudit audit() {
        return audit;
    }

    @Produces
    @Singleton
    BlobStore store() {
        return store;
    }

    @Produces
    @Singleton
    Membership membership() {
        return membership;
    }

    @Produces
    @Singleton
    CertificateLife certificate() {
        return new CertificateLife(settings.tls().map(own -> () -> own.daysLeft(clock.instant())));
    }

    @Produces
    @Singleton
    HoldLocks locks() {
        return locks;
    }

    @Produces
    @Singleton
    Undecided undecided() {
        return undecided;
    }

    @Produces
    @Singleton
    Transfers transfers() {
        return transfers;
    }

    @Produces
    @Singleton
    ConnectionConfig connections() {
        return settings.connections();
    }

    @Produces
    @Singleton
    DiskWatch disk() {
        return disk;
    }

    @Produces
    @Singleton
    SelfReport report() {
        return report;
    }

    @Produces
    @Singleton
    ClusterNews news() {
        return news;
    }

    @Produces
    @Singleton
    ReceiveBlob receive() {
        int uploadsBeside = Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
        return new ReceiveBlob(store, new DigestPool(digestThreads, uploadsBeside), clock);
    }

    @Produces
    @Singleton
    ForwardUploads forward() {
        return new ForwardUploads(membership, store, ForwardUploads.Patience.DEFAULT);
    }

    @Produces
    @Singleton
    CommitUpload commit() {
        return new CommitUpload(membership, store, undecided, CommitUpload.Patience.DEFAULT);
    }

    @PreDestroy
    void stop() {
        syslog.ifPresent(SyslogSender::close);
        timer.shutdownNow();
        digestThreads.shutdownNow();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the lock of the data directory can't be given back", e);
        }
    }

    private static ThreadFactory named(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
