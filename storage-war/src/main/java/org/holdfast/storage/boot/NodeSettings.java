package org.holdfast.storage.boot;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.SharedPlaces;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.storage.cluster.MemberConfig;
import org.holdfast.storage.cluster.NodeIdentity;
import org.holdfast.storage.store.StoreConfig;

/**
 * All settings of a node, one record per concern, read once.
 *
 * @param identity {@code holdfast.node.name}, {@code url}, {@code public-url} (default: url), {@code zone} (default:
 *     "default"), {@code host} (default: the host of url)
 * @param store {@code holdfast.node.data}, {@code reserve-bytes} (default: 64 MiB)
 * @param members {@code holdfast.node.members}, comma-separated; {@code holdfast.cluster.join-token-file}
 * @param tls who this node is within TLS ({@code holdfast.tls.key-store}, {@code password-file}); empty for plain text
 * @param maxTransfers {@code holdfast.node.transfers}: how many run at once (default: 768, of the container's 1024
 *     threads)
 * @param sharePercent how many of a hundred transfers one account or address may have; see {@link SharedPlaces#percent}
 * @param uploadRate rate that senders have to keep; see {@link LeastRate#of}
 * @param downloadRate rate that readers have to keep; see {@link LeastRate#ofReaders}
 * @param connections what everybody has to keep to; see {@link ConnectionConfig#of}
 * @param commitGrace {@code holdfast.upload.commit-grace}: how long a blob that no master knows is kept for its commit after
 *     its ticket has expired, and after its landing where that was later (default: 1 min)
 * @param diskPatience {@code holdfast.node.disk-patience}: how long the disk may take to answer before it counts as failed
 *     (default: 20 s)
 * @param clockOffset {@code holdfast.clock.offset}: how far this process's clock is ahead of the machine's; for trials
 * @param quarantineKeep {@code holdfast.quarantine.keep}: how long what is in quarantine is kept (default: 30 days)
 * @param uploadKeep {@code holdfast.upload.keep}: how long the beginning of an upload that broke off is kept (default: 1 day)
 */
record NodeSettings(
        NodeIdentity identity,
        StoreConfig store,
        MemberConfig members,
        Optional<TlsIdentity> tls,
        int maxTransfers,
        int sharePercent,
        LeastRate uploadRate,
        LeastRate downloadRate,
        ConnectionConfig connections,
        Duration commitGrace,
        Duration diskPatience,
        Duration clockOffset,
        Duration quarantineKeep,
        Duration uploadKeep) {
    private static final long DEFAULT_RESERVE_BYTES = 64L << 20;
    private static final int DEFAULT_MAX_TRANSFERS = 768;
    /** An upload may outlast its ticket, and asking masters takes up to half a minute. */
    private static final Duration DEFAULT_COMMIT_GRACE = Duration.ofMinutes(1);

    private static final Duration DEFAULT_DISK_PATIENCE = Duration.ofSeconds(20);

    private static final Duration DEFAULT_QUARANTINE_KEEP = Duration.ofDays(30);

    private static final Duration DEFAULT_UPLOAD_KEEP = Duration.ofDays(1);

    NodeSettings {
        if (maxTransfers < 1) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "holdfast.node.transfers must be at least 1.");
        }
        if (quarantineKeep.isNegative() || uploadKeep.isNegative() || commitGrace.isNegative()) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "holdfast.quarantine.keep, holdfast.upload.keep and holdfast.upload.commit-grace can't be negative.");
        }
    }

    static NodeSettings read(Config config) {
        String url = required(config, "holdfast.node.url");
        var identity = new NodeIdentity(
                required(config, "holdfast.node.name"),
                url,
                config.getOptionalValue("holdfast.node.public-url", String.class)
                        .orElse(url),
                config.getOptionalValue("holdfast.node.zone", String.class).orElse("default"),
                config.getOptionalValue("holdfast.node.host", String.class).orElseGet(() -> host(url)));
        Optional<TlsIdentity> tls = TlsIdentity.of(name -> config.getOptionalValue(name, String.class));
        TlsIdentity.requireFits(tls, "holdfast.node.url", identity.url());
        Path data = Path.of(required(config, "holdfast.node.data"));
        var store = new StoreConfig(
                data,
                config.getOptionalValue("holdfast.node.reserve-bytes", Long.class)
                        .orElse(DEFAULT_RESERVE_BYTES));
        var members = new MemberConfig(
                list(config.getOptionalValue("holdfast.node.members", String.class)
                        .orElse("")),
                config.getOptionalValue("holdfast.cluster.join-token-file", String.class)
                        .map(Path::of),
                data.resolve("node.json"));
        return new NodeSettings(
                identity,
                store,
                members,
                tls,
                config.getOptionalValue("holdfast.node.transfers", Integer.class)
                        .orElse(DEFAULT_MAX_TRANSFERS),
                SharedPlaces.percent(name -> config.getOptionalValue(name, String.class)),
                LeastRate.of(name -> config.getOptionalValue(name, String.class)),
                LeastRate.ofReaders(name -> config.getOptionalValue(name, String.class)),
                ConnectionConfig.of(name -> config.getOptionalValue(name, String.class)),
                config.getOptionalValue("holdfast.upload.commit-grace", Duration.class)
                        .orElse(DEFAULT_COMMIT_GRACE),
                config.getOptionalValue("holdfast.node.disk-patience", Duration.class)
                        .orElse(DEFAULT_DISK_PATIENCE),
                config.getOptionalValue("holdfast.clock.offset", Duration.class).orElse(Duration.ZERO),
                config.getOptionalValue("holdfast.quarantine.keep", Duration.class)
                        .orElse(DEFAULT_QUARANTINE_KEEP),
                config.getOptionalValue("holdfast.upload.keep", Duration.class).orElse(DEFAULT_UPLOAD_KEEP));
    }

    private static String host(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost()).orElse("");
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "holdfast.node.url is not a URL: " + url, e);
        }
    }

    private static String required(Config config, String name) {
        return config.getOptionalValue(name, String.class)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The setting " + name + " is missing."));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
