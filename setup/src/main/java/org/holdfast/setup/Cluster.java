package org.holdfast.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * All components of one local cluster: started in the order in which they need each other, as much at once as helps;
 * ended in the opposite order. Thread-safe.
 */
final class Cluster {
    private final DataDir data;
    private final Blueprint blueprint;
    private final Roster roster;
    private final Progress progress;
    private final Map<String, Component> components = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "component");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean isEnding;

    Cluster(DataDir data, Blueprint blueprint, Roster roster, Progress progress) {
        this.data = data;
        this.blueprint = blueprint;
        this.roster = roster;
        this.progress = progress;
        add(blueprint.mariaDb());
        add(blueprint.broker());
        blueprint.masters().forEach(this::add);
        roster.nodes().forEach(number -> add(blueprint.node(number)));
        roster.workers().forEach(number -> add(blueprint.worker(number)));
    }

    /** All components: storage nodes by number, then workers, masters, broker, database. */
    List<Component> components() {
        return components.values().stream()
                .sorted(Comparator.comparing(Component::kind)
                        .thenComparing(component -> component.name().length())
                        .thenComparing(Component::name))
                .toList();
    }

    /**
     * Starts everything and returns when all is ready, however long that takes while there is progress. The database and the broker come first, beside the storage
     * nodes, which need neither; masters deploy only against a database that answers; a worker wants the broker.
     *
     * @throws Refusal with the reason of the first component that failed; the caller then ends the rest
     */
    void startAll() {
        long begin = System.nanoTime();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        Consumer<Component> start = component -> announceStart(component, failure);
        CompletableFuture<Void> database = inBackground(ComponentKind.MARIADB, start);
        CompletableFuture<Void> broker = inBackground(ComponentKind.BROKER, start);
        CompletableFuture<Void> nodes = inBackground(ComponentKind.NODE, start);
        CompletableFuture<Void> master = CompletableFuture.allOf(database, broker)
                .thenCompose(ready -> inBackground(ComponentKind.MASTER, start));
        CompletableFuture<Void> workers = broker.thenCompose(ready -> inBackground(ComponentKind.WORKER, start));
        CompletableFuture<Void> all = CompletableFuture.allOf(database, broker, nodes, master, workers);
        try {
            CompletableFuture.anyOf(all, failure).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw e;
        }
        progress.total(Duration.ofNanos(System.nanoTime() - begin));
    }

    /** The component of that name. */
    Optional<Component> find(String name) {
        return Optional.ofNullable(components.get(name));
    }

    /**
     * Starts one component and returns when it is ready. {@code sn4} or {@code worker2}, not known so far, joins the
     * cluster and comes back at later starts.
     *
     * @return how long it took
     */
    Duration start(String name) {
        if (isEnding) {
            throw Refusal.failed("the cluster is ending");
        }
        Component component = components.get(name);
        if (component == null) {
            component = recruit(name);
        }
        try {
            Duration took = component.start(false);
            progress.ready(component, took);
            return took;
        } catch (Refusal e) {
            forgetRemoved(component);
            throw e;
        }
    }

    /** Leaves out what the masters removed: later starts do without it. False when it is still wanted. */
    private synchronized boolean forgetRemoved(Component component) {
        if (component.state() != ComponentState.REMOVED) {
            return false;
        }
        components.remove(component.name());
        roster.remove(component.name());
        roster.save(data);
        return true;
    }

    /** Ends everything, users before what they use. Nothing starts afterwards. */
    void stopAll() {
        isEnding = true;
        for (ComponentKind kind : List.of(ComponentKind.values())) {
            List<CompletableFuture<Void>> stops = ofKind(kind).stream()
                    .map(component -> CompletableFuture.runAsync(component::stopForGood, threads))
                    .toList();
            CompletableFuture.allOf(stops.toArray(new CompletableFuture<?>[0])).join();
        }
    }

    /** Whether {@link #stopAll} was called. */
    boolean isEnding() {
        return isEnding;
    }

    private synchronized Component recruit(String name) {
        roster.add(name);
        int number = Integer.parseInt(name.replaceFirst("\\D+", ""));
        Component component = name.startsWith("sn") ? blueprint.node(number) : blueprint.worker(number);
        roster.save(data);
        add(component);
        return component;
    }

    private CompletableFuture<Void> inBackground(ComponentKind kind, Consumer<Component> start) {
        return CompletableFuture.allOf(ofKind(kind).stream()
                .map(component -> CompletableFuture.runAsync(() -> start.accept(component), threads))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void announceStart(Component component, CompletableFuture<Void> failure) {
        try {
            progress.ready(component, component.start(true));
        } catch (RuntimeException e) {
            if (forgetRemoved(component)) {
                progress.say(String.valueOf(e.getMessage()));
                return;
            }
            // Whatever it was: the others may wait for this one without an end.
            failure.completeExceptionally(e);
            throw e;
        }
    }

    private void add(Component component) {
        components.put(component.name(), component);
    }

    private Collection<Component> ofKind(ComponentKind kind) {
        List<Component> found = new ArrayList<>(components());
        found.removeIf(component -> component.kind() != kind);
        return found;
    }

    /** Deletes what only this run needed. */
    void forget() {
        for (String name : List.of("control", "launcher")) {
            Path file = data.run().resolve(name);
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw Refusal.failed("cannot delete " + file, e);
            }
        }
    }
}
