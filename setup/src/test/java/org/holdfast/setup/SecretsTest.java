package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path directory;

    @Test
    void all_are_made_at_once_for_their_owner_alone_and_in_their_forms() throws IOException {
        Secrets secrets = Secrets.ensure(directory, new SecureRandom());
        for (Path file : files(secrets)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
        assertThat(Secrets.read(secrets.masterKey())).matches("k1:[0-9a-f]{64}");
        assertThat(Secrets.read(secrets.joinToken())).matches("[0-9a-f]{64}");
        assertThat(Secrets.read(secrets.adminPassword())).matches("([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}");
        assertThat(files(secrets).stream().map(Secrets::read)).doesNotHaveDuplicates();
    }

    @Test
    void none_changes_at_a_later_start_and_a_given_one_is_kept() throws IOException {
        Files.writeString(directory.resolve("admin.password"), "chosen by hand\n");
        Secrets first = Secrets.ensure(directory, new SecureRandom());
        List<String> before = files(first).stream().map(Secrets::read).toList();
        Secrets again = Secrets.ensure(directory, new SecureRandom());
        assertThat(files(again).stream().map(Secrets::read)).containsExactlyElementsOf(before);
        assertThat(Secrets.read(again.adminPassword())).isEqualTo("chosen by hand");
    }

    @Test
    void the_one_key_of_earlier_releases_goes_and_the_rest_stays() throws IOException {
        Files.writeString(directory.resolve("cluster.key"), "k1:" + "42".repeat(32) + "\n");
        Files.writeString(directory.resolve("join.token"), "of-before\n");
        Secrets secrets = Secrets.ensure(directory, new SecureRandom());
        assertThat(directory.resolve("cluster.key")).doesNotExist();
        assertThat(Secrets.read(secrets.masterKey())).doesNotContain("4242");
        assertThat(Secrets.read(secrets.joinToken())).isEqualTo("of-before");
    }

    private static List<Path> files(Secrets secrets) {
        return List.of(
                secrets.masterKey(),
                secrets.joinToken(),
                secrets.adminPassword(),
                secrets.databasePassword(),
                secrets.brokerPassword());
    }
}
