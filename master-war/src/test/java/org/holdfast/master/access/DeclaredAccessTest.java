package org.holdfast.master.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeclaredAccessTest {
    @Access(Access.Level.SIGNED_IN)
    static class Declared {
        void plain() {}

        @Access(Access.Level.ADMINISTRATOR)
        void stricter() {}
    }

    static class Below extends Declared {}

    static class Undeclared {
        void plain() {}

        @Access(Access.Level.PUBLIC)
        void declared() {}
    }

    private static Access.Level of(Class<?> type, String method) throws Exception {
        return DeclaredAccess.of(type, type.getDeclaredMethod(method));
    }

    @Test
    void aMethodsOwnLevelComesFirstThenItsClasss() throws Exception {
        assertThat(DeclaredAccess.of(Declared.class)).isEqualTo(Access.Level.SIGNED_IN);
        assertThat(of(Declared.class, "plain")).isEqualTo(Access.Level.SIGNED_IN);
        assertThat(of(Declared.class, "stricter")).isEqualTo(Access.Level.ADMINISTRATOR);
        assertThat(of(Undeclared.class, "declared")).isEqualTo(Access.Level.PUBLIC);
    }

    @Test
    void aProxyThatTheContainerMakesHasItsClasssLevel() {
        assertThat(DeclaredAccess.of(Below.class)).isEqualTo(Access.Level.SIGNED_IN);
    }

    @Test
    void oneThatDeclaresNothingIsNamed() {
        assertThatThrownBy(() -> DeclaredAccess.of(Undeclared.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Undeclared");
        assertThatThrownBy(() -> of(Undeclared.class, "plain"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Undeclared.plain");
    }
}
