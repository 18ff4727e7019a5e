package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaredAccessTest {
    private static void require(String... servlets) {
        DeclaredAccess.require(List.of(servlets), DeclaredAccessTest.class.getClassLoader());
    }

    @Test
    void declaredServletsAndTheContainersOwnPass() {
        assertThatCode(() -> require(PingServlet.class.getName(), "org.apache.catalina.servlets.DefaultServlet"))
                .doesNotThrowAnyException();
    }

    @Test
    void oneThatDeclaresNothingEndsTheBoot() {
        assertThatThrownBy(() -> require(PingServlet.class.getName(), Undeclared.class.getName()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Undeclared")
                .hasMessageNotContaining("Ping");
    }

    static final class Undeclared {}
}
