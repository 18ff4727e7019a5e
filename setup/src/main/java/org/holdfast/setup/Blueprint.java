package org.holdfast.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How each component of one local cluster is run: program, memory, configuration, readiness. The system properties are
 * the documented configuration names; secrets go by the names of their files.
 */
final class Blueprint {
    /** Measured: a node with its WAR needs 60 MiB of heap when idle, the master with JPA and JMS 110. */
    private static final int MASTER_HEAP_MIB = 512;

    private static final int NODE_HEAP_MIB = 256;
    private static final int SMALL_HEAP_MIB = 192;

    private final Checkout checkout;
    private final DataDir data;
    private final Ports ports;
    private final Secrets secrets;
    private final Transport transport;
    private final StartOptions options;
    private final Component.Listener listener;
    private final Path directives;

    /**
     * @param transport how components talk to each other
     * @param options how many masters there are, and how patient a start is
     */
    Blueprint(
            Checkout checkout,
            DataDir data,
            Ports ports,
            Secrets secrets,
            Transport transport,
            StartOptions options,
            Component.Listener listener) {
        this.checkout = checkout;
        this.options = options;
        this.data = data;
        this.ports = ports;
        this.secrets = secrets;
        this.transport = transport;
        this.listener = listener;
        directives = Jvm.writeDirectives(data.run());
    }

    /** Where consoles and the API answer, {@code m1} first. */
    List<String> masterUrls() {
        return IntStream.rangeClosed(1, options.masters())
                .mapToObj(number -> transport.url(ports.master(number)))
                .toList();
    }

    List<Component> masters() {
        return IntStream.rangeClosed(1, options.masters())
                .mapToObj(this::master)
                .toList();
    }

    /** What storage nodes need, to be welcomed. */
    private Component.Need aMaster() {
        return new Component.Need("a master", Readiness.anyMaster(masterUrls()));
    }

    /** What workers need. */
    private Component.Need theBroker() {
        return new Component.Need("the broker", Readiness.broker(ports.broker())::complaint);
    }

    Component mariaDb() {
        return component(
                new Component.Traits(
                        "mariadb",
                        ComponentKind.MARIADB,
                        Reach.LOOPBACK + ":" + ports.mariaDb(),
                        Readiness.mariaDb(ports.mariaDb()),
                        Component.Need.NOTHING,
                        options.limits().patience(),
                        MariaDb.STOP_WITHIN),
                () -> {
                    MariaDb.Prepared prepared = MariaDb.prepare(
                            data.mariaDb(),
                            ports.mariaDb(),
                            Secrets.read(secrets.databasePassword()),
                            transport.database(),
                            new MariaDb.Patience(
                                    options.limits().patience(),
                                    after -> listener.slow("mariadb", "makes its system tables", after, "")));
                    SqlClient.write(data, ports, prepared.client(), secrets, transport.authority());
                    return new Launch(prepared.command(), "--datadir=" + data.mariaDb(), prepared::forgetPassword);
                });
    }

    Component broker() {
        return component(
                new Component.Traits(
                        "broker",
                        ComponentKind.BROKER,
                        "tcp://" + Reach.LOOPBACK + ":" + ports.broker(),
                        Readiness.broker(ports.broker()),
                        Component.Need.NOTHING,
                        options.limits().patience(),
                        BrokerProcess.STOP_WITHIN),
                () -> java(
                        "broker",
                        SMALL_HEAP_MIB,
                        transport.settings("broker"),
                        BrokerProcess.arguments(data.broker(), ports.broker(), secrets.brokerPassword())));
    }

    private Component master(int number) {
        String name = "m" + number;
        String url = transport.url(ports.master(number));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("holdfast.master.name", name);
        settings.put("holdfast.master.url", url);
        settings.put("holdfast.master.peers", String.join(",", masterUrls()));
        settings.put("holdfast.db.url", transport.databaseUrl(ports.mariaDb()));
        settings.put("holdfast.db.directory", data.mariaDb().toString());
        settings.put("holdfast.db.user", MariaDb.USER);
        settings.put("holdfast.db.password-file", secrets.databasePassword().toString());
        putBroker(settings);
        settings.put("holdfast.master.key-file", secrets.masterKey().toString());
        settings.put("holdfast.cluster.join-token-file", secrets.joinToken().toString());
        settings.put("holdfast.admin.password-file", secrets.adminPassword().toString());
        return component(
                new Component.Traits(
                        name,
                        ComponentKind.MASTER,
                        url,
                        Readiness.master(url),
                        Component.Need.NOTHING,
                        options.limits().patience(),
                        Duration.ofSeconds(20)),
                () -> payara(name, MASTER_HEAP_MIB, settings, ports.master(number), checkout.masterWar()));
    }

    /** Storage node {@code sn<number>}. */
    Component node(int number) {
        String name = "sn" + number;
        String url = transport.url(ports.node(number));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("holdfast.node.name", name);
        settings.put("holdfast.node.url", url);
        settings.put("holdfast.node.data", data.nodes().resolve(name).toString());
        settings.put("holdfast.node.members", String.join(",", masterUrls()));
        settings.put("holdfast.cluster.join-token-file", secrets.joinToken().toString());
        return component(
                new Component.Traits(
                        name,
                        ComponentKind.NODE,
                        url,
                        Readiness.node(url),
                        aMaster(),
                        options.limits().patience(),
                        Duration.ofSeconds(20)),
                () -> payara(name, NODE_HEAP_MIB, settings, ports.node(number), checkout.storageWar()));
    }

    /** Worker {@code worker<number>}. */
    Component worker(int number) {
        String name = "worker" + number;
        // On loopback a worker tells of its health in plain text.
        String url = "http://" + Reach.LOOPBACK + ":" + ports.worker(number);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("holdfast.worker.name", name);
        putBroker(settings);
        settings.put("holdfast.worker.health-port", Integer.toString(ports.worker(number)));
        return component(
                new Component.Traits(
                        // It hands its tasks back or finishes them before it goes.
                        name,
                        ComponentKind.WORKER,
                        url,
                        Readiness.worker(url),
                        theBroker(),
                        options.limits().patience(),
                        Duration.ofSeconds(40)),
                () -> {
                    settings.putAll(transport.settings(name));
                    return java(
                            name,
                            SMALL_HEAP_MIB,
                            settings,
                            List.of("-jar", checkout.workerJar().toString()));
                });
    }

    private void putBroker(Map<String, String> settings) {
        settings.put("holdfast.broker.url", transport.brokerUrl(ports.broker()));
        settings.put("holdfast.broker.user", Broker.USER);
        settings.put("holdfast.broker.password-file", secrets.brokerPassword().toString());
    }

    private Component component(Component.Traits traits, Launch.Maker maker) {
        return new Component(traits, maker, data, listener);
    }

    private Launch payara(String name, int heapMib, Map<String, String> settings, int port, Path war) {
        PayaraRuntime runtime = PayaraRuntime.unpack(checkout.payaraMicro());
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(transport.settings(name));
        Path instance = data.run().resolve("payara").resolve(name);
        return java(
                name,
                heapMib,
                all,
                runtime.instance(
                        instance,
                        new PayaraRuntime.Listener(options.reach().listen(), port, transport.identity(name)),
                        war));
    }

    private Launch java(String name, int heapMib, Map<String, String> settings, List<String> arguments) {
        String mark = "-Dholdfast.component=" + name + "@" + data.root();
        // The mark goes first: what asks for a command line may get only its beginning.
        List<String> command = new ArrayList<>(List.of(Jvm.java().toString(), mark));
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(OwnSettings.of(data, name));
        command.addAll(Jvm.flags(OwnSettings.takeHeapMib(all, heapMib), directives));
        all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(arguments);
        return new Launch(command, mark, () -> {});
    }
}
