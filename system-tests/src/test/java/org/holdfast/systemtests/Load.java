package org.holdfast.systemtests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * People at work: each writer puts, overwrites and deletes files of its own, in one step and in two, and tries again
 * elsewhere what was not answered; each reader reads what was acknowledged. A refusal or a broken connection is a
 * nuisance and counted. What breaks a promise is kept in {@link #broken}.
 */
final class Load implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int SMALL_BYTES = 16 * 1024;
    private static final int LARGE_BYTES = 1_000_000;
    /** Of all writers together: each is read back in the end, and its copies are looked at. */
    private static final int NAMES = 900;
    /** Between two works of one person: a load that leaves some of the machine to those who come back. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final int CHANGES_OF_ONE_WRITE = 2;

    private final History history;
    private final List<URI> masters;
    private final Http http;
    private final String folder;
    private final int namesPerWriter;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private Load(TestCluster cluster, Collection<URI> masters, History history, String folder, int namesPerWriter) {
        this.history = history;
        this.masters = List.copyOf(masters);
        this.http = cluster.http();
        this.folder = folder;
        this.namesPerWriter = namesPerWriter;
    }

    /** @param folder namespace and path below which the files lie */
    static Load start(TestCluster cluster, History history, String folder, int writers, int readers, long seed) {
        var load = new Load(cluster, cluster.masters().values(), history, folder, NAMES / writers);
        var random = new SplittableRandom(seed);
        for (int writer = 0; writer < writers; writer++) {
            String name = folder + "/w" + writer;
            SplittableRandom own = random.split();
            load.run(() -> load.write(name, own));
        }
        for (int reader = 0; reader < readers; reader++) {
            SplittableRandom own = random.split();
            load.run(() -> load.read(own));
        }
        return load;
    }

    /** Sentences about what must never be; empty as long as all is well. */
    Collection<String> broken() {
        return broken;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    @Override
    public String toString() {
        return acknowledged + " writes acknowledged, " + read + " files read, " + failed + " tries failed";
    }

    /** Ends all threads and waits for them; a write in doubt stays in doubt. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofMinutes(2).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    while (stopped.getCount() > 0) {
                        work.run();
                        pause();
                    }
                },
                "load of " + folder);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void write(String writer, SplittableRandom random) {
        String name = writer + "/" + random.nextInt(namesPerWriter);
        if (!history.of(name).kept().equals(History.ABSENT) && random.nextInt(5) == 0) {
            put(name, History.ABSENT, uri -> http.request("DELETE", uri, BodyPublishers.noBody()), random);
            return;
        }
        int size = random.nextInt(40) == 0 ? LARGE_BYTES : random.nextInt(SMALL_BYTES);
        byte[] body = Bytes.random(size, random.nextLong());
        boolean inTwoSteps = random.nextBoolean();
        put(
                name,
                Bytes.sha256(body),
                uri -> http.request("PUT", inTwoSteps ? ticket(uri) : uri, BodyPublishers.ofByteArray(body)),
                random);
    }

    /** A request for the file at this address of a master. */
    private interface Request {
        HttpRequest at(URI file) throws IOException, InterruptedException;
    }

    /** Tries until it is acknowledged or the load ends. */
    private void put(String name, String content, Request request, SplittableRandom random) {
        history.trying(name, content);
        boolean certain = true;
        while (stopped.getCount() > 0) {
            try {
                HttpResponse<byte[]> answer = send(request.at(file(name, random)));
                int status = answer.statusCode();
                if (status / 100 == 2 || (status == 404 && content.equals(History.ABSENT))) {
                    history.acknowledged(name, content, certain);
                    acknowledged.incrementAndGet();
                    return;
                }
                // 503 may mean that the bytes are safe and the outcome is not known.
                certain = certain && status != 503 && status / 100 != 5;
                nuisance();
            } catch (IOException e) {
                certain = false;
                nuisance();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private URI ticket(URI file) throws IOException, InterruptedException {
        URI uploads = URI.create(file.toString().replace("/api/v1/files/", "/api/v1/uploads/"));
        HttpResponse<byte[]> answer = send(http.request("POST", uploads, BodyPublishers.noBody()));
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException("no ticket: " + answer.statusCode())));
    }

    private void read(SplittableRandom random) {
        List<String> names = history.kept();
        if (names.isEmpty()) {
            pause();
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        History.Promise before = history.of(name);
        try {
            HttpResponse<byte[]> answer = send(http.request("GET", file(name, random), BodyPublishers.noBody()));
            if (answer.statusCode() == 404) {
                judge(name, before, History.ABSENT);
            } else if (answer.statusCode() == 307) {
                URI location =
                        URI.create(answer.headers().firstValue("Location").orElseThrow());
                judge(name, before, content(send(Http.anonymous().request("GET", location, BodyPublishers.noBody()))));
            } else {
                nuisance();
            }
        } catch (IOException e) {
            nuisance();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes that are not what their ETag says are found out by every reader who looks: a failure, but no lie. */
    private static String content(HttpResponse<byte[]> answer) throws IOException {
        String content = Bytes.sha256(answer.body());
        if (answer.statusCode() != 200
                || !answer.headers().firstValue("ETag").orElse("").contains(content)) {
            throw new IOException("not the whole file: " + answer.statusCode());
        }
        return content;
    }

    /** Right is what was promised before the read began or is promised now, if little happened in between. */
    private void judge(String name, History.Promise before, String content) {
        History.Promise after = history.of(name);
        boolean hasRight = before.allows(content) || after.allows(content);
        if (!hasRight && after.changes() - before.changes() <= CHANGES_OF_ONE_WRITE) {
            broken.add(name + " read as " + content + " where " + after + " was promised, and " + before + " before");
        }
        read.incrementAndGet();
    }

    /** A failure costs a pause of its own: who hammers a cluster that is down learns nothing. */
    private void nuisance() {
        failed.incrementAndGet();
        pause();
    }

    private void pause() {
        try {
            var unused = stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI file(String name, SplittableRandom random) {
        return masters.get(random.nextInt(masters.size())).resolve("/api/v1/files/" + name);
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        HttpRequest bounded = HttpRequest.newBuilder(request, (name, value) -> true)
                .timeout(ANSWER)
                .build();
        return Http.client().send(bounded, BodyHandlers.ofByteArray());
    }
}
