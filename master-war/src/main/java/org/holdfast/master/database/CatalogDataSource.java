package org.holdfast.master.database;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * MariaDB's data source without its XA interface, with the password read from a file.
 *
 * <p>The driver's own class is an XADataSource too; the application server would then run the two-phase protocol on
 * every transaction although only one resource takes part.
 */
public final class CatalogDataSource implements DataSource {
    /**
     * A server whose packets vanish is as good as none after these: a request that meets it is answered within 10 s, the
     * wait for a connection of the pool (2 s) included. The time-out of a read counts twice, for TLS of the JDK waits as long
     * once more for a word of the other side when it closes the connection. Migrations take as long as they take.
     *
     * <p>Whoever waits for a row is told by the server before that, and its connection lives on. With MariaDB's own 50 s a row
     * that many want looks like a server that is away: connections are made anew, and the old ones keep their place in the
     * queue for the row.
     */
    private static final SortedMap<String, String> BOUNDS = new TreeMap<>(Map.of(
            "connectTimeout", "2000", // ms
            "socketTimeout", "4000", // ms
            "sessionVariables", "innodb_lock_wait_timeout=3")); // s

    private final MariaDbDataSource driver = new MariaDbDataSource();
    private final AwaitDatabase awaitDatabase;
    private volatile boolean isMet;

    public CatalogDataSource() {
        this(new AwaitDatabase());
    }

    CatalogDataSource(AwaitDatabase awaitDatabase) {
        this.awaitDatabase = awaitDatabase;
    }

    /** Where the database is. */
    public void setUrl(String url) throws SQLException {
        driver.setUrl(bounded(url));
    }

    /** Adds how long to wait for the server's answers, unless the URL says it. */
    static String bounded(String url) {
        StringBuilder bounded = new StringBuilder(url);
        BOUNDS.forEach((option, value) -> {
            if (!url.contains(option + "=")) {
                bounded.append(bounded.indexOf("?") < 0 ? '?' : '&')
                        .append(option)
                        .append('=')
                        .append(value);
            }
        });
        return bounded.toString();
    }

    /** One that waits for answers without an end, as changing the columns of large tables needs. */
    public static DataSource patient(String url, String user, String passwordFile) {
        var source = new CatalogDataSource();
        try {
            source.driver.setUrl(url);
            source.setUser(user);
            source.setPasswordFile(passwordFile);
        } catch (SQLException e) {
            throw new IllegalArgumentException("The database " + url + " can't be used", e);
        }
        return source;
    }

    public void setUser(String user) throws SQLException {
        driver.setUser(user);
    }

    /** Where the password is; read once, at the first use of the pool. */
    public void setPasswordFile(String file) throws SQLException {
        try {
            driver.setPassword(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new SQLException("The database's password file " + file + " can't be read", e);
        }
    }

    /** Waits for the first one however long the database is away: without it no application gets as far as its own code. */
    @Override
    public Connection getConnection() throws SQLException {
        if (isMet) {
            return driver.getConnection();
        }
        Connection first = awaitDatabase.take(driver::getConnection);
        isMet = true;
        return first;
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return driver.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        driver.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        driver.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return driver.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
