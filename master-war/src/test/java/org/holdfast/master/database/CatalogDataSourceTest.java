package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogDataSourceTest {
    @ParameterizedTest
    @CsvSource({
        "//db/h, //db/h?connectTimeout=2000&sessionVariables=innodb_lock_wait_timeout=3&socketTimeout=4000",
        "//db/h?a=b, //db/h?a=b&connectTimeout=2000&sessionVariables=innodb_lock_wait_timeout=3&socketTimeout=4000",
        "//db/h?socketTimeout=0&sessionVariables=a=1, //db/h?socketTimeout=0&sessionVariables=a=1&connectTimeout=2000"
    })
    void answersAreWaitedForNoLongerThanTheUrlSaysOrElseSomeSeconds(String url, String bounded) {
        assertThat(CatalogDataSource.bounded("jdbc:mariadb:" + url)).isEqualTo("jdbc:mariadb:" + bounded);
    }

    /** As with a server whose packets vanish: the system accepts the connection, and nobody ever says a word. */
    @Test
    void aServerThatSaysNothingIsAway() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Duration> pauses = new ArrayList<>();
            var source = new CatalogDataSource(new AwaitDatabase(pause -> {
                pauses.add(pause);
                if (pauses.size() == 2) {
                    throw new IllegalStateException("long enough");
                }
            }));
            source.setUrl("jdbc:mariadb://127.0.0.1:" + silent.getLocalPort() + "/holdfast?connectTimeout=200");
            source.setUser("holdfast");
            assertThatThrownBy(source::getConnection).hasMessage("long enough");
            assertThat(pauses).hasSize(2);
        }
    }
}
