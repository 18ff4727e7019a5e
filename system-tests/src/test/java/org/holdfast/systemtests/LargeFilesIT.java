package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files, by a cluster whose ciphers and digests are as quick as everywhere. */
@Tag("slow")
@Order(67)
@SharedCluster.Of(SharedCluster.Kind.UNTOUCHED)
class LargeFilesIT {
    private static final long LARGE_BYTES = (1L << 31) + 100_000_000;

    private final TestCluster cluster;

    @TempDir
    Path folder;

    LargeFilesIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aHundredMegabytesComeBackBitForBit() throws IOException {
        Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
        assertThat(Files.size(modules)).isGreaterThan(100_000_000);
        cluster.holdfast("put", modules.toString(), "admin/real/modules");
        Path back = folder.resolve("modules");
        cluster.holdfast("get", "admin/real/modules", back.toString());
        assertThat(Files.mismatch(modules, back)).isEqualTo(-1);
        assertThat(Copies.of(cluster, "admin/real/modules").sha256()).isEqualTo(Bytes.sha256(modules));
        cluster.holdfast("rm", "admin/real/modules");
    }

    @Test
    void moreBytesThanAnIntegerCounts() throws IOException {
        assumeThat(Files.getFileStore(folder).getUsableSpace())
                .as("bytes free in %s: this test stores 2 GB", folder)
                .isGreaterThan(15_000_000_000L);
        Path sparse = folder.resolve("sparse");
        byte[] mark = Bytes.random(1_000_000, 3);
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(LARGE_BYTES);
            for (long at : List.of(0L, (1L << 31) - 500_000, LARGE_BYTES - mark.length)) {
                file.seek(at);
                file.write(mark);
            }
        }
        new StoredFiles(cluster).namespace("large", 0);
        assertThat(cluster.client("put", sparse.toString(), "large/sparse")
                        .within(Duration.ofMinutes(4))
                        .run()
                        .ok())
                .contains("(" + LARGE_BYTES + " bytes");
        String sha256 = Copies.of(cluster, "large/sparse").sha256();

        URI file = cluster.api("files", "large/sparse");
        assertThat(cluster.http().head(file).requireHeader("Content-Length")).isEqualTo(Long.toString(LARGE_BYTES));
        String range = "bytes=" + ((1L << 31) - 500_000) + "-" + ((1L << 31) + 499_999);
        assertThat(cluster.http().follow(file, "Range", range).expect(206).bytes())
                .isEqualTo(mark);
        assertThat(streamedSha256(URI.create(cluster.http().get(file).requireHeader("Location"))))
                .isEqualTo(sha256)
                .isEqualTo(Bytes.sha256(sparse));
        cluster.holdfast("rm", "large/sparse");
    }

    private static String streamedSha256(URI uri) throws IOException {
        var digest = Bytes.messageDigest("SHA-256");
        byte[] buffer = new byte[1 << 18];
        var request = Http.anonymous().request("GET", uri, BodyPublishers.noBody());
        try (InputStream in =
                Http.exchange(request, BodyHandlers.ofInputStream()).body()) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
