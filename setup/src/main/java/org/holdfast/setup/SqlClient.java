package org.holdfast.setup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code setup/sql} needs to talk to the database: the client's path in {@code DATA/run/mariadb-client} and its
 * options, password included, in {@code DATA/run/mariadb-client.cnf} (0600), so that no password is on a command line.
 */
final class SqlClient {
    private SqlClient() {}

    static void write(DataDir data, Ports ports, Path client, Secrets secrets, Optional<Path> authority) {
        String options = """
                [client]
                host=127.0.0.1
                port=%d
                protocol=tcp
                user=%s
                password=%s
                default-character-set=utf8mb4
                %s
                """.formatted(
                        ports.mariaDb(),
                        MariaDb.USER,
                        Secrets.read(secrets.databasePassword()),
                        authority
                                .map(pem -> "ssl-ca=" + pem + "\nssl-verify-server-cert")
                                .orElse("skip-ssl"));
        PrivateFile.write(data.run().resolve("mariadb-client.cnf"), options);
        PrivateFile.write(data.run().resolve("mariadb-client"), client + "\n");
    }
}
