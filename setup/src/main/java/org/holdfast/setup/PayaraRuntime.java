package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Payara Micro, unpacked once (100 MiB, 1 s) and shared by all instances: an instance brings only its own copy of the
 * few configuration files. Booting from the jar itself would unpack it again for each of them.
 *
 * @param directory the unpacked runtime
 */
record PayaraRuntime(Path directory) {
    private static final Pattern OPENS = Pattern.compile("MICRO_OPENS=\"([^\"]*)\"");

    /** What each instance needs for itself; {@code runtime} and the launcher's jar are shared. */
    private static final List<String> OWN = List.of("config", "lib", "docroot");

    /**
     * Settings without which Payara is not ours. It would listen on every interface, close a connection after 250
     * requests, end an upload after 15 minutes, answer TRACE with the sender's credentials, and speak HTTP/2, which
     * halves downloads and makes uploads five times slower. A request's head may have 32 KiB, for the two longest paths of a
     * move, percent-encoded (2 × 12 KiB), and 7 KiB of headers; Payara's 8 KiB end within one path. At most 1,024 requests are served at once; more wait in line. A
     * thread without work soon ends: each keeps some 150 KB of buffers, which together are half of a node's memory.
     */
    private static final String PRE_BOOT = """
            set configs.config.server-config.network-config.network-listeners.network-listener.LISTENER.address=ADDRESS
            set configs.config.server-config.network-config.network-listeners.network-listener.LISTENER.enabled=false
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.http2-enabled=false
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.max-connections=-1
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.header-buffer-length-bytes=32768
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.request-timeout-seconds=-1
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.timeout-seconds=60
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.connection-upload-timeout-millis=600000
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.xpowered-by=false
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.trace-enabled=false
            set configs.config.server-config.network-config.protocols.protocol.LISTENER.http.server-header=false
            set configs.config.server-config.thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=1024
            set configs.config.server-config.thread-pools.thread-pool.http-thread-pool.min-thread-pool-size=16
            set configs.config.server-config.thread-pools.thread-pool.http-thread-pool.idle-thread-timeout-seconds=20
            set configs.config.server-config.http-service.access-logging-enabled=false
            """;

    /**
     * Without a listener for plain HTTP nothing can be sent in the clear by mistake. A certificate is asked for and not
     * demanded: people sign in with a password too, and what demands one, checks it. Port and certificate are told here,
     * since Payara's own options for them open the port at once.
     */
    private static final String PRE_BOOT_TLS = """
            set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.enabled=false
            set configs.config.server-config.network-config.network-listeners.network-listener.https-listener.port=%d
            set configs.config.server-config.network-config.protocols.protocol.https-listener.ssl.cert-nickname=%s
            set configs.config.server-config.network-config.protocols.protocol.https-listener.ssl.client-auth=want
            set configs.config.server-config.network-config.protocols.protocol.https-listener.ssl.tls12-enabled=true
            set configs.config.server-config.network-config.protocols.protocol.https-listener.ssl.tls13-enabled=true
            """;

    /**
     * The port opens when the application behind it is there. Before, the container would answer in its place: 404 for
     * a file that exists, 403 for a copy that is brought. Of the two settings the first fails where the application did
     * not deploy, and the port stays closed.
     */
    private static final String POST_DEPLOY = """
            set applications.application.%s.description=deployed configs.config.server-config.network-config.network-listeners.network-listener.%s.enabled=true
            """;

    /**
     * Where an instance listens.
     *
     * @param address that it binds
     * @param identity for HTTPS, and no HTTP; empty for HTTP
     */
    record Listener(InetAddress address, int port, Optional<KeyStoreFile> identity) {
        String name() {
            return identity.isPresent() ? "https-listener" : "http-listener";
        }

        String preBoot() {
            return PRE_BOOT.replace("LISTENER", name()).replace("ADDRESS", address.getHostAddress())
                    + (identity.isPresent() ? PRE_BOOT_TLS.formatted(port, KeyStoreFile.ALIAS) : "");
        }

        String postDeploy(Path war) {
            return POST_DEPLOY.formatted(application(war), name());
        }

        /** What Payara calls the application. */
        private static String application(Path war) {
            return war.getFileName().toString().replaceFirst("\\.war$", "");
        }

        /** The options after the main class. */
        List<String> options() {
            return identity.isPresent() ? List.of() : List.of("--port", Integer.toString(port));
        }

        /** Payara takes the key store from system properties, with its password: from a file, for ps shows arguments. */
        String properties() {
            StringBuilder text = new StringBuilder();
            identity.ifPresent(own -> {
                for (String kind : List.of("keyStore", "trustStore")) {
                    line(text, kind, own.store().toString());
                    line(text, kind + "Type", "PKCS12");
                    line(text, kind + "Password", new String(own.password()));
                }
            });
            return text.toString();
        }

        /** In an argument file of java, quotes keep blanks together and backslashes escape. */
        private static void line(StringBuilder text, String name, String value) {
            text.append("\"-Djavax.net.ssl.")
                    .append(name)
                    .append('=')
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"\n");
        }
    }

    /**
     * One plain line per message instead of a coloured block of three; of the server itself only what went wrong.
     *
     * <p>The core logs at SEVERE only, and not for tidiness: when a path cannot be decoded ({@code 100%.txt}, not
     * encoded), its warning decodes the path once more, fails again, and the request is answered 200 with nothing done.
     *
     * <p>Grizzly's chain of filters logs at SEVERE only: it warns, with a stack trace, of each body that is malformed.
     *
     * <p>Jersey's responder logs nothing: it has a stack trace for each client that hangs up, and no other news.
     *
     * <p>Transactions log at SEVERE only: they warn at each transaction that begins on a thread of our own.
     *
     * <p>The pool of connections logs nothing: each time that the database is away it has two warnings and a stack trace for
     * what is thrown to whoever asked, and logged or tried again there.
     */
    private static final String LOGGING = """
            handlers=java.util.logging.ConsoleHandler
            java.util.logging.ConsoleHandler.level=FINE
            java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
            java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tLZ %4$s %3$s: %5$s%6$s%n
            .level=WARNING
            PayaraMicro.level=WARNING
            fish.payara.micro.level=INFO
            javax.enterprise.system.core.level=SEVERE
            javax.enterprise.system.core.security.level=WARNING
            javax.enterprise.system.ssl.security.level=SEVERE
            javax.enterprise.resource.jta.level=SEVERE
            javax.enterprise.resource.resourceadapter.level=OFF
            jakarta.enterprise.web.level=WARNING
            org.glassfish.grizzly.filterchain.level=SEVERE
            org.glassfish.jersey.server.ServerRuntime$Responder.level=OFF
            org.holdfast.level=INFO
            """;

    /** Unpacks {@code payara-micro.jar} unless that was done before. */
    static PayaraRuntime unpack(Path jar) {
        try {
            Path unpacked = RuntimeFiles.directory().resolve("payara-" + Long.toHexString(Files.size(jar)));
            if (Files.exists(unpacked.resolve("launch-micro.jar"))) {
                return new PayaraRuntime(unpacked);
            }
            Files.createDirectories(unpacked.getParent());
            Path draft = Files.createTempDirectory(unpacked.getParent(), "payara-unpacking");
            Path log = draft.resolve("unpacking.log");
            int exit = new ProcessBuilder(
                            Jvm.java().toString(),
                            "-jar",
                            jar.toString(),
                            "--rootdir",
                            draft.toString(),
                            "--outputlauncher")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0 || !Files.exists(draft.resolve("launch-micro.jar"))) {
                throw Refusal.failed("Payara Micro cannot be unpacked: " + new LogTail(log, 0).reason());
            }
            RuntimeFiles.publish(draft, unpacked);
            return new PayaraRuntime(unpacked);
        } catch (IOException e) {
            throw Refusal.failed("Payara Micro cannot be unpacked from " + jar, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted while unpacking Payara Micro");
        }
    }

    /**
     * Makes a fresh instance directory (an old one keeps the settings of its last run) and says how to run an
     * application in it.
     *
     * @param instance the instance's directory, emptied
     * @param listener where it listens
     * @param war deployed at {@code /}
     * @return the arguments after {@code java}, its tuning and the application's own system properties
     */
    List<String> instance(Path instance, Listener listener, Path war) {
        try {
            DataDir.deleteTree(instance);
            Files.createDirectories(instance);
            for (String part : OWN) {
                copyTree(directory.resolve(part), instance.resolve(part));
            }
            Path preBoot = instance.resolve("pre-boot.txt");
            Files.writeString(preBoot, listener.preBoot(), UTF_8);
            Path postDeploy = instance.resolve("post-deploy.txt");
            Files.writeString(postDeploy, listener.postDeploy(war), UTF_8);
            Files.writeString(instance.resolve("config/logging.properties"), LOGGING, UTF_8);
            List<String> arguments = new ArrayList<>(ClassArchives.of(this).flags(war));
            arguments.addAll(opens());
            Path properties = instance.resolve("tls.args");
            PrivateFile.write(properties, listener.properties());
            arguments.add("@" + properties);
            Path launcher = directory.resolve("launch-micro.jar");
            arguments.addAll(List.of(
                    "-Dfish.payara.micro.BootJar=" + launcher.toUri(),
                    "-Dfish.payara.micro.UnpackDir=" + directory,
                    "-cp",
                    launcher.toString(),
                    "fish.payara.micro.impl.PayaraMicroImpl",
                    "--rootdir",
                    instance.toString(),
                    "--nohazelcast",
                    "--disablephonehome"));
            arguments.addAll(listener.options());
            arguments.addAll(List.of(
                    "--prebootcommandfile",
                    preBoot.toString(),
                    "--postdeploycommandfile",
                    postDeploy.toString(),
                    "--contextroot",
                    "/",
                    "--deploy",
                    war.toString()));
            return arguments;
        } catch (IOException e) {
            throw Refusal.failed("cannot make " + instance, e);
        }
    }

    /** The packages of the JDK that Payara opens, as its own launcher script would. */
    private List<String> opens() throws IOException {
        Matcher matcher = OPENS.matcher(Files.readString(directory.resolve(".env"), UTF_8));
        if (!matcher.find()) {
            throw new IOException("no MICRO_OPENS in " + directory.resolve(".env"));
        }
        return List.of(matcher.group(1).trim().split("\\s+"));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
