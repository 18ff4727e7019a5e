package org.holdfast.master.boot;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.contract.SharedPlaces;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.account.PeopleConfig;
import org.holdfast.master.account.ThrottleConfig;
import org.holdfast.master.alarm.AlarmConfig;
import org.holdfast.master.audit.AuditConfig;
import org.holdfast.master.catalog.ChangesConfig;
import org.holdfast.master.catalog.DownloadConfig;
import org.holdfast.master.catalog.LockConfig;
import org.holdfast.master.catalog.MasterPlaces;
import org.holdfast.master.catalog.NamespaceTerms;
import org.holdfast.master.catalog.UploadConfig;
import org.holdfast.master.cluster.HealConfig;
import org.holdfast.master.cluster.HeartbeatConfig;
import org.holdfast.master.cluster.Membership;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.CatalogDataSource;
import org.holdfast.master.database.CatalogDisk;
import org.holdfast.master.mail.MailConfig;
import org.holdfast.master.placement.PlacementPolicy;
import org.holdfast.master.replication.BrokerConfig;
import org.holdfast.master.replication.ReplicationConfig;
import org.holdfast.master.verification.CheckThreads;
import org.holdfast.master.verification.Mode;
import org.holdfast.master.verification.ScrubConfig;
import org.holdfast.master.verification.VerifyConfig;
import org.holdfast.syslog.SyslogConfig;

/** Reads the configuration, one record per concern, and makes what depends on nothing but it. */
@ApplicationScoped
public class MasterConfig {
    /** A quiet fifth of what one hard disk reads; 1.7 TB a day. */
    private static final long DEFAULT_SCRUB_BYTES_PER_SECOND = 20_000_000;

    /** Twice what storage nodes and the broker keep: where all lie on one disk, what makes room goes on for longest. */
    private static final long DEFAULT_CATALOG_RESERVE_BYTES = 128L << 20;

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Twenty of them are long enough for heartbeats to show that a node is down. */
    private static final Duration CHECK_REST = Duration.ofMillis(500);

    @Inject
    Config config;

    @Resource
    ManagedExecutorService executor;

    @Resource
    ManagedThreadFactory threads;

    private TlsConfig tls = TlsConfig.PLAINTEXT;

    /** Before anything connects: an HTTP client keeps the identity that it was made with. */
    @PostConstruct
    void assumeIdentity() {
        Optional<TlsIdentity> identity = TlsIdentity.of(this::text);
        TlsIdentity.requireFits(identity, "holdfast.master.url", url());
        identity.ifPresent(TlsIdentity::install);
        tls = new TlsConfig(identity);
    }

    @Produces
    @Dependent
    TlsConfig tls() {
        return tls;
    }

    @Produces
    @Dependent
    Clock clock() {
        return Clock.offset(Clock.systemUTC(), duration("holdfast.clock.offset", Duration.ZERO));
    }

    @Produces
    @Dependent
    Executor executor() {
        return executor;
    }

    @Produces
    @Singleton
    MasterKeys masterKeys() {
        return MasterKeys.read(path("holdfast.master.key-file"));
    }

    /** Unsigned; each node's calls have a key of their own. */
    @Produces
    @Singleton
    ClusterCall calls() {
        return ClusterCall.unsigned(CONNECT);
    }

    @Produces
    @Dependent
    TicketConfig tickets() {
        return new TicketConfig(duration("holdfast.ticket.life", Duration.ofMinutes(15)));
    }

    @Produces
    @Dependent
    UploadConfig uploads() {
        return new UploadConfig(LeastRate.of(this::text));
    }

    @Produces
    @Dependent
    DownloadConfig downloads() {
        return new DownloadConfig(LeastRate.ofReaders(this::text));
    }

    @Produces
    @Dependent
    ConnectionConfig connections() {
        return ConnectionConfig.of(this::text);
    }

    @Produces
    @Singleton
    MasterPlaces places() {
        return MasterPlaces.of(SharedPlaces.percent(this::text));
    }

    @Produces
    @Dependent
    HeartbeatConfig heartbeat() {
        return new HeartbeatConfig(
                duration("holdfast.heartbeat.interval", Duration.ofMillis(200)),
                duration("holdfast.heartbeat.timeout", Duration.ofMillis(500)),
                number("holdfast.heartbeat.misses", 3),
                duration("holdfast.heartbeat.silence", Duration.ofSeconds(5)));
    }

    @Produces
    @Dependent
    HealConfig heal() {
        return new HealConfig(duration("holdfast.heal.hold-off", Duration.ofMinutes(10)));
    }

    @Produces
    @Dependent
    ReplicationConfig replication() {
        return new ReplicationConfig(
                number("holdfast.task.max-attempts", 10),
                duration("holdfast.delete.grace", Duration.ofHours(1)),
                duration("holdfast.task.resend-after", Duration.ofSeconds(30)),
                duration("holdfast.task.history", Duration.ofDays(7)));
    }

    @Produces
    @Dependent
    ChangesConfig changes() {
        return new ChangesConfig(
                number("holdfast.changes.keep-entries", 100_000),
                duration("holdfast.changes.keep", Duration.ofDays(7)));
    }

    @Produces
    @Dependent
    VerifyConfig verify() {
        return new VerifyConfig(
                choice("holdfast.verify.mode", Mode.class, Mode.FULL),
                choice("holdfast.verify.heal", NodeView.Heal.class, NodeView.Heal.AUTO),
                duration("holdfast.verify.margin", Duration.ofMinutes(10)),
                duration("holdfast.verify.heal-patience", Duration.ofMinutes(10)),
                duration("holdfast.checks.keep", Duration.ofDays(90)));
    }

    @Produces
    @Dependent
    ScrubConfig scrub() {
        return new ScrubConfig(
                duration("holdfast.scrub.every", Duration.ofDays(14)),
                config.getOptionalValue("holdfast.scrub.bytes-per-second", Long.class)
                        .orElse(DEFAULT_SCRUB_BYTES_PER_SECOND));
    }

    @Produces
    @Singleton
    CheckThreads checkThreads() {
        return new CheckThreads(work -> threads.newThread(work).start(), CHECK_REST);
    }

    @Produces
    @Dependent
    NamespaceTerms namespaceDefaults() {
        return new NamespaceTerms(
                number("holdfast.namespace.replicas", 2), PlacementPolicy.RANDOM, 1, NamespaceTerms.VERSIONS_KEPT);
    }

    @Produces
    @Dependent
    LockConfig locks() {
        return new LockConfig(
                duration("holdfast.lock.transfer-lease", Duration.ofSeconds(30)),
                duration("holdfast.lock.lease", Duration.ofHours(1)),
                duration("holdfast.lock.longest-lease", Duration.ofDays(7)));
    }

    @Produces
    @Dependent
    PeopleConfig people() {
        return new PeopleConfig(
                text("holdfast.people.url").orElseGet(this::url),
                duration("holdfast.people.password-link-life", Duration.ofDays(3)));
    }

    @Produces
    @Dependent
    ThrottleConfig guessing() {
        ThrottleConfig standard = ThrottleConfig.DEFAULT;
        return new ThrottleConfig(
                number("holdfast.guessing.free", standard.pairFree()),
                number("holdfast.guessing.free-of-address", standard.addressFree()),
                number("holdfast.guessing.free-of-account", standard.accountFree()),
                duration("holdfast.guessing.longest-wait", standard.longest()),
                duration("holdfast.guessing.longest-wait-of-new", standard.longestNew()));
    }

    @Produces
    @Dependent
    MailConfig mail() {
        var security = MailConfig.Security.parse(text("holdfast.mail.security").orElse("starttls"));
        int port = switch (security) {
            case STARTTLS -> 587;
            case TLS -> 465;
            case NONE -> 25;
        };
        return new MailConfig(
                text("holdfast.mail.host"),
                number("holdfast.mail.port", port),
                text("holdfast.mail.from").orElse(""),
                text("holdfast.mail.user")
                        .map(user -> new MailConfig.Login(user, secret("holdfast.mail.password-file"))),
                security,
                text("holdfast.mail.ca-file").map(Path::of));
    }

    @Produces
    @Dependent
    AlarmConfig alarms() {
        return new AlarmConfig(
                duration("holdfast.alarm.patience", Duration.ofMinutes(1)),
                number("holdfast.alarm.free-percent", 10),
                duration("holdfast.alarm.copies-wait", Duration.ofHours(1)),
                duration("holdfast.alarm.mails-wait", Duration.ofHours(1)));
    }

    @Produces
    @Dependent
    AuditConfig audit() {
        return AuditConfig.keeping(
                duration("holdfast.audit.keep", Duration.ofDays(400)), RefusedStrangers.Bounds.of(this::text));
    }

    @Produces
    @Singleton
    Membership membership() {
        return new Membership(
                text("holdfast.master.name").orElse("m1"),
                // Not holdfast.masters: its environment form is the client script's variable.
                List.of(text("holdfast.master.peers").orElse(url()).split(",")),
                secret("holdfast.cluster.join-token-file"));
    }

    @Produces
    @Singleton
    BrokerConfig broker() {
        return new BrokerConfig(
                text("holdfast.broker.url").orElse("tcp://127.0.0.1:7496"),
                text("holdfast.broker.user").orElse("holdfast"),
                secret("holdfast.broker.password-file"));
    }

    /** Whom to tell what is done; nobody unless it is set. */
    Optional<SyslogConfig> syslog() {
        return SyslogConfig.of(this::text);
    }

    /** Known where this master can see it. */
    @Produces
    @Dependent
    CatalogDisk catalogDisk() {
        long reserveBytes =
                config.getOptionalValue("holdfast.db.reserve-bytes", Long.class).orElse(DEFAULT_CATALOG_RESERVE_BYTES);
        return text("holdfast.db.directory")
                .map(directory -> CatalogDisk.of(Path.of(directory), reserveBytes))
                .orElseGet(() -> new CatalogDisk(Optional::empty, reserveBytes));
    }

    /** The catalog's database, waited for however long changing the schema takes. */
    DataSource databaseForMigrations() {
        return CatalogDataSource.patient(
                config.getValue("holdfast.db.url", String.class),
                text("holdfast.db.user").orElse("holdfast"),
                path("holdfast.db.password-file").toString());
    }

    /** Password that the first administrator gets when there is none yet. */
    String administratorPassword() {
        return secret("holdfast.admin.password-file");
    }

    private String url() {
        return text("holdfast.master.url").orElse("http://127.0.0.1:7400");
    }

    private Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class);
    }

    private int number(String name, int fallback) {
        return config.getOptionalValue(name, Integer.class).orElse(fallback);
    }

    /** A word of an enum, written as in {@code since-last-seen}. */
    private <E extends Enum<E>> E choice(String name, Class<E> words, E fallback) {
        return text(name)
                .map(word -> Enum.valueOf(words, word.toUpperCase(Locale.ROOT).replace('-', '_')))
                .orElse(fallback);
    }

    private Duration duration(String name, Duration fallback) {
        return config.getOptionalValue(name, Duration.class).orElse(fallback);
    }

    private Path path(String name) {
        return Path.of(text(name).orElseThrow(() -> new IllegalStateException("the setting " + name + " is missing")));
    }

    private String secret(String name) {
        Path file = path(name);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException("the file " + file + " of the setting " + name + " can't be read", e);
        }
    }
}
