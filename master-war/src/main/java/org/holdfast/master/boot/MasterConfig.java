package org.holdfast.master.boot;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
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
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.ClusterKeys;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.TicketSeal;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.catalog.ChangesConfig;
import org.holdfast.master.catalog.NamespaceTerms;
import org.holdfast.master.cluster.HealConfig;
import org.holdfast.master.cluster.HeartbeatConfig;
import org.holdfast.master.cluster.Membership;
import org.holdfast.master.placement.PlacementPolicy;
import org.holdfast.master.replication.BrokerConfig;
import org.holdfast.master.replication.ReplicationConfig;

/** Reads the configuration, one record per concern, and makes what depends on nothing but it. */
@ApplicationScoped
public class MasterConfig {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    @Inject
    Config config;

    @Resource
    ManagedExecutorService executor;

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
        return Clock.systemUTC();
    }

    @Produces
    @Dependent
    Executor executor() {
        return executor;
    }

    @Produces
    @Singleton
    ClusterKeys keys() {
        return ClusterKeys.read(path("holdfast.cluster.key-file"));
    }

    @Produces
    @Singleton
    TicketSeal seal(ClusterKeys keys, Clock clock) {
        return new TicketSeal(keys, clock);
    }

    @Produces
    @Singleton
    SignedCall signedCall(ClusterKeys keys, Clock clock) {
        return new SignedCall(keys, clock);
    }

    @Produces
    @Singleton
    ClusterCall calls(SignedCall signature) {
        return new ClusterCall(signature, CONNECT);
    }

    @Produces
    @Dependent
    TicketConfig tickets() {
        return new TicketConfig(duration("holdfast.ticket.life", Duration.ofMinutes(15)));
    }

    @Produces
    @Dependent
    HeartbeatConfig heartbeat() {
        return new HeartbeatConfig(
                duration("holdfast.heartbeat.interval", Duration.ofMillis(200)),
                duration("holdfast.heartbeat.timeout", Duration.ofMillis(500)),
                number("holdfast.heartbeat.misses", 3));
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
    NamespaceTerms namespaceDefaults() {
        return new NamespaceTerms(number("holdfast.namespace.replicas", 2), PlacementPolicy.RANDOM, 1);
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
