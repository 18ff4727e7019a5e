package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URL;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.holdfast.contract.OneLine;

/**
 * The Artemis broker of {@code setup/artemis/broker.xml} inside this JVM, on loopback: for a test, or (through
 * {@link #main}) as the broker process of a local cluster.
 *
 * <p>The one user is {@value #USER}. Queues, redelivery and expiry are those of production. The journal stays in its
 * directory and is found again by the next start. Starts in about 1.5 s. One broker per JVM: the configuration takes its
 * directory and port from system properties.
 */
public final class Broker implements AutoCloseable {
    /** The broker's only user. */
    public static final String USER = "holdfast";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final EmbeddedActiveMQ server;
    private final int port;
    /** The JDK holds its loggers weakly: without this the settings would be collected. */
    private final List<Logger> quiet;

    private Broker(EmbeddedActiveMQ server, int port, List<Logger> quiet) {
        this.server = server;
        this.port = port;
        this.quiet = quiet;
    }

    /**
     * Starts a broker and returns when it accepts connections.
     *
     * @param directory for journal, bindings, pages and large messages; made when it is not there
     * @param port a free port on 127.0.0.1
     * @param password of the user {@value #USER}
     * @throws Refusal when it does not start
     */
    public static Broker start(Path directory, int port, String password) {
        return start(directory, port, password, Optional.empty());
    }

    /** @param identity with it, clients need TLS and a certificate of the same authority */
    static Broker start(Path directory, int port, String password, Optional<KeyStoreFile> identity) {
        Ports.requireFree(port);
        // The audit loggers write a line per message.
        Logger audit = Logger.getLogger("org.apache.activemq.audit");
        audit.setLevel(Level.OFF);
        System.setProperty("holdfast.broker.data", directory.toAbsolutePath().toString());
        System.setProperty("holdfast.broker.host", "127.0.0.1");
        System.setProperty("holdfast.broker.port", Integer.toString(port));
        System.setProperty("holdfast.broker.tls", identity.map(Broker::secured).orElse(""));
        URL configuration = Broker.class.getResource("broker.xml");
        if (configuration == null) {
            throw Refusal.failed("broker.xml is not beside the class Broker");
        }
        var door = new BrokerDoor(password, identity.isPresent());
        EmbeddedActiveMQ server = new EmbeddedActiveMQ();
        server.setConfigResourcePath(configuration.toString());
        server.setSecurityManager(door);
        Broker broker = new Broker(server, port, List.of(audit));
        try {
            server.start();
            door.listen(server.getActiveMQServer());
        } catch (Exception e) {
            broker.close();
            throw Refusal.failed("the broker does not start", e);
        }
        if (!server.getActiveMQServer().isActive()) {
            broker.close();
            throw Refusal.failed("the broker does not become active; see its log");
        }
        return broker;
    }

    /** What {@code broker.xml} adds to its acceptor. */
    private static String secured(KeyStoreFile identity) {
        String file = URLEncoder.encode(identity.store().toString(), UTF_8).replace("+", "%20");
        String password = new String(identity.password());
        return ";sslEnabled=true;needClientAuth=true;enabledProtocols=TLSv1.3,TLSv1.2"
                + ";keyStoreType=PKCS12;keyStorePath=" + file + ";keyStorePassword=" + password
                + ";trustStoreType=PKCS12;trustStorePath=" + file + ";trustStorePassword=" + password;
    }

    /**
     * The broker process of a local cluster; ends with SIGTERM. System properties: {@code holdfast.broker.data},
     * {@code holdfast.broker.port}, {@code holdfast.broker.password-file}; for TLS {@code holdfast.tls.key-store} and
     * {@code holdfast.tls.password-file}.
     */
    public static void main(String[] args) throws InterruptedException {
        OneLine.install();
        Path data = Path.of(required("holdfast.broker.data"));
        int port = Integer.parseInt(required("holdfast.broker.port"));
        String password = Secrets.read(Path.of(required("holdfast.broker.password-file")));
        Optional<KeyStoreFile> identity = Optional.ofNullable(System.getProperty("holdfast.tls.key-store"))
                .map(store -> new KeyStoreFile(Path.of(store), Path.of(required("holdfast.tls.password-file"))));
        CountDownLatch ended = new CountDownLatch(1);
        Broker broker;
        try {
            broker = start(data, port, password, identity);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                broker.close();
                                ended.countDown();
                            },
                            "stop-broker"));
            System.out.println("broker listens at " + broker.url());
        } catch (Refusal e) {
            System.err.println("ERROR " + e.sentence());
            System.exit(Refusal.FAILED);
            return;
        }
        while (!ended.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            if (ended.getCount() > 0 && !broker.isServing()) {
                System.err.println("ERROR the broker has stopped serving, for what it says above; this process ends,"
                        + " so that it is started again");
                // Without an orderly end: the server, which has just failed, would have a part in it.
                Runtime.getRuntime().halt(Refusal.FAILED);
            }
        }
    }

    /** Whether clients are served: after an error of its disk the server stops, and its JVM goes on. */
    private boolean isServing() {
        return server.getActiveMQServer().isActive();
    }

    /** {@code tcp://127.0.0.1:port}. */
    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /** {@value #USER}. */
    public String user() {
        return USER;
    }

    /** Stops the broker and returns when its journal is closed. A second call does nothing. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            Logger.getLogger(Broker.class.getName()).log(Level.WARNING, "the broker did not stop cleanly", e);
        }
        quiet.forEach(logger -> logger.setLevel(null));
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw Refusal.usage("the system property " + property + " is missing");
        }
        return value;
    }
}
