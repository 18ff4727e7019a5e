package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code setup/certificates}: makes, lists and renews the certificates of a data directory. Exit codes as all scripts
 * here. A running cluster goes on with what its processes have read at their start.
 */
final class CertificatesCommand {
    static final String USAGE = """
            usage: setup/certificates COMMAND [--data DIR] [--host HOST]... [--life DURATION]
              init [NAME...]    the authority, and identities of components by their names (m1, sn1, worker1, broker, mariadb)
              node NAME         an identity for a storage node elsewhere; the same: master, worker, broker, database
              user NAME         a certificate that the account NAME can sign in with
              list              what there is, and when it ends
              renew [NAME]      one, or all that end within 30 days; then restart who uses it
              --host HOST       a name or address, besides its own, by which others reach it; without any: this machine's
              --life DURATION   how long it is to be good, such as P90D (components P824D, users P365D)
            """;

    private final PrintStream out;
    private final Clock clock;
    private final List<String> words = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private Optional<Duration> life = Optional.empty();
    private Path data;

    CertificatesCommand(PrintStream out, Clock clock, Path defaultData) {
        this.out = out;
        this.clock = clock;
        this.data = defaultData;
    }

    public static void main(String[] args) {
        try {
            String data = System.getProperty("holdfast.data", "data");
            new CertificatesCommand(new PrintStream(System.out, true, UTF_8), Clock.systemUTC(), Path.of(data))
                    .run(List.of(args));
        } catch (Refusal e) {
            System.err.println("setup/certificates: " + e.sentence());
            System.exit(e.exitCode());
        }
    }

    /** Does what the arguments say. */
    void run(List<String> arguments) {
        parse(arguments);
        Path directory = data.toAbsolutePath().normalize();
        String command = words.isEmpty() ? "" : words.remove(0);
        switch (command) {
            case "init" -> init(certificates(DataDir.open(directory)));
            case "list" -> list(certificates(existing(directory)));
            case "renew" -> renew(certificates(existing(directory)));
            default -> {
                CertificateRole role = CertificateRole.of(command)
                        .filter(known -> words.size() == 1)
                        .orElseThrow(() -> Refusal.usage("what is to be done?\n" + USAGE.strip()));
                issue(certificates(DataDir.open(directory)), role, words.get(0));
            }
        }
    }

    private void parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String word = rest.removeFirst();
            switch (word) {
                case "--data" -> data = Path.of(value(word, rest));
                case "--host" -> hosts.add(value(word, rest));
                case "--life" -> life = Optional.of(duration(value(word, rest)));
                default -> {
                    if (word.startsWith("-")) {
                        throw Refusal.usage("unknown option " + word + "\n" + USAGE.strip());
                    }
                    words.add(word);
                }
            }
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.getFirst().isEmpty()) {
            throw Refusal.usage(option + " needs a value\n" + USAGE.strip());
        }
        return rest.removeFirst();
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(Duration.ofDays(3650)) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw Refusal.usage("--life takes a duration such as P90D or PT12H, not \"" + text + "\"");
        }
        throw Refusal.usage("--life lies between PT1S and P3650D");
    }

    private DataDir existing(Path directory) {
        DataDir found = new DataDir(directory);
        if (!Files.isDirectory(found.secrets().resolve("tls"))) {
            throw Refusal.failed("there are no certificates in " + directory
                    + "; setup/start or setup/certificates init makes them");
        }
        return found;
    }

    private Certificates certificates(DataDir directory) {
        return Certificates.open(directory, clock, new SecureRandom());
    }

    private void init(Certificates certificates) {
        out.println("authority: " + certificates.authorityPem());
        for (String name : words) {
            CertificateRole role = CertificateRole.ofComponent(name)
                    .orElseThrow(() -> Refusal.usage("the role of " + name
                            + " cannot be told from its name; use setup/certificates node " + name));
            KeyStoreFile file = KeyStoreFile.in(certificates.directory(), name);
            if (!file.exists()) {
                List<String> all =
                        Stream.concat(Reach.LOCAL.stream(), hosts.stream()).toList();
                certificates.issue(role, name, all, life.orElse(Certificates.COMPONENT_LIFE));
            }
            out.println(name + ": " + file.store());
        }
    }

    private void issue(Certificates certificates, CertificateRole role, String name) {
        boolean isUser = role == CertificateRole.USER;
        if (KeyStoreFile.in(certificates.directory(), name).exists()) {
            throw Refusal.failed("there is a certificate of " + name + " already; setup/certificates renew " + name
                    + " replaces it");
        }
        KeyStoreFile file = certificates.issue(
                role,
                name,
                hosts.isEmpty() ? Reach.LOCAL : hosts,
                life.orElse(isUser ? Certificates.USER_LIFE : Certificates.COMPONENT_LIFE));
        out.println("key store: " + file.store());
        out.println("password:  " + file.passwordFile());
        if (Files.exists(certificates.pemOf(name))) {
            out.println("pem:       " + certificates.pemOf(name));
        }
        out.println("authority: " + certificates.authorityPem());
    }

    private void list(Certificates certificates) {
        Instant now = clock.instant();
        out.printf(Locale.ROOT, "%-16s %-9s %-21s %5s  %s%n", "NAME", "ROLE", "ENDS", "DAYS", "HOSTS");
        line("authority", "authority", certificates.authorityEnd(), now, List.of());
        for (Certificates.Entry entry : certificates.list()) {
            line(entry.name(), entry.role().unit(), entry.end(), now, entry.hosts());
        }
    }

    private void line(String name, String role, Instant end, Instant now, List<String> hosts) {
        out.println(String.format(
                        Locale.ROOT,
                        "%-16s %-9s %-21s %5d  %s",
                        name,
                        role,
                        end,
                        Math.floorDiv(Duration.between(now, end).toSeconds(), 86_400),
                        String.join(" ", hosts))
                .stripTrailing());
    }

    private void renew(Certificates certificates) {
        List<Certificates.Entry> wanted = certificates.list().stream()
                .filter(entry -> words.isEmpty()
                        ? entry.end().isBefore(clock.instant().plus(Certificates.WARN_WITHIN))
                        : words.contains(entry.name()))
                .toList();
        for (String name : words) {
            if (wanted.stream().noneMatch(entry -> entry.name().equals(name))) {
                throw Refusal.failed("there is no certificate of " + name + "; setup/certificates list shows them all");
            }
        }
        for (Certificates.Entry entry : wanted) {
            boolean isUser = entry.role() == CertificateRole.USER;
            certificates.renew(entry, life.orElse(isUser ? Certificates.USER_LIFE : Certificates.COMPONENT_LIFE));
            out.println(entry.name() + " is renewed"
                    + (isUser ? "" : "; restart it: setup/node stop " + entry.name() + ", start " + entry.name()));
        }
        if (wanted.isEmpty()) {
            out.println("nothing ends within " + Certificates.WARN_WITHIN.toDays() + " days");
        }
    }
}
