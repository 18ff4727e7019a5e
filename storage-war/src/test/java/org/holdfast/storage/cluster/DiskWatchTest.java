package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.FileBlobStore;
import org.holdfast.storage.store.SettableClock;
import org.holdfast.storage.store.StoreConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    @SuppressWarnings("NullAway.Init")
    private Membership membership;

    @BeforeEach
    void join() throws IOException {
        Files.createDirectories(data());
        membership = new Membership(
                new NodeIdentity("sn1", "http://127.0.0.1:1", "http://127.0.0.1:1", "z", "h"),
                data().resolve("node.json"),
                new SettableClock());
    }

    private void forward(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private Path data() {
        return folder.resolve("data");
    }

    private DiskWatch watch(BlobStore store) {
        return new DiskWatch(store, membership::requireOwnDirectory, PATIENCE, nanos::get);
    }

    private BlobStore files() {
        return FileBlobStore.open(new StoreConfig(data(), 0));
    }

    /** A store of which only the probe is asked. */
    private static BlobStore probing(Runnable probe) {
        return (BlobStore) Proxy.newProxyInstance(
                DiskWatchTest.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("probe");
                    probe.run();
                    return null;
                });
    }

    private static Runnable failing(FailureKind kind) {
        return () -> {
            throw HoldfastException.of(kind, "x", "The disk smokes.");
        };
    }

    @Test
    void aDiskThatWorksIsNoReasonToComplain() {
        var watch = watch(files());
        watch.look();
        forward(Duration.ofSeconds(1));
        assertThat(watch.complaint()).isEmpty();
        assertThat(watch.lookedMillisAgo()).isEqualTo(1_000);
    }

    @Test
    void whatFailsIsTold() {
        var watch = watch(probing(failing(FailureKind.UNAVAILABLE)));
        watch.look();
        assertThat(watch.complaint()).isEqualTo("The disk smokes.");
    }

    @Test
    void aFullDiskDoesNotFail() {
        var watch = watch(probing(failing(FailureKind.FULL)));
        watch.look();
        assertThat(watch.complaint()).isEmpty();
    }

    @Test
    void aDirectoryThatIsGoneIsAFaultAndIsNotMadeAnew() throws IOException {
        var store = files();
        var watch = watch(store);
        var report = new SelfReport(membership, store, watch, () -> 0, () -> NodeReport.Traffic.NONE);
        long capacity = report.now().room().capacityBytes();
        Files.move(data(), folder.resolve("away"));
        assertThat(report.now().state().diskFault())
                .as("even before the next look")
                .isPresent();
        watch.look();
        assertThat(watch.complaint()).contains("node.json");
        assertThat(report.now().state().diskFault()).contains(watch.complaint());
        assertThat(report.now().room().capacityBytes()).as("what was last seen").isEqualTo(capacity);
        assertThat(data()).doesNotExist();
        Files.move(folder.resolve("away"), data());
        watch.look();
        assertThat(report.now().state().diskFault()).isEmpty();
    }

    /** The mount point below an unmounted disk, on which another node was started by mistake. */
    @Test
    void aDirectoryOfAnotherDiskIsAFault() throws IOException {
        var watch = watch(files());
        String record = Files.readString(data().resolve("node.json"));
        String own = membership.diskUuid().toString();
        String other = own.replace(own.charAt(0), own.charAt(0) == 'a' ? 'b' : 'a');
        Files.writeString(data().resolve("node.json"), record.replace(own, other));
        watch.look();
        assertThat(watch.complaint()).contains(other).contains(own);
    }

    @Test
    void aLookThatHangsIsAFaultOnceItHasLasted() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var watch = watch(probing(() -> {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        var looking = new Thread(watch::look);
        looking.start();
        try {
            asked.await();
            forward(PATIENCE);
            assertThat(watch.complaint()).isEmpty();
            forward(Duration.ofSeconds(1));
            assertThat(watch.complaint()).isEqualTo("The disk has not answered for 21 s.");
        } finally {
            goOn.countDown();
            looking.join();
        }
        assertThat(watch.complaint()).isEmpty();
    }

    @Test
    void whenNobodyLooksAnyMoreThatIsAFaultToo() {
        var watch = watch(files());
        watch.look();
        forward(DiskWatch.BEAT.plus(PATIENCE).plusSeconds(1));
        assertThat(watch.complaint()).isNotEmpty();
    }
}
