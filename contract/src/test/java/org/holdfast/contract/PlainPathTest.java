package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/health",
                "/api/v1/files/anna/a",
                "/api/v1/files/anna/100%25;a=b/%2Fx/...",
                "/api/v1/folders/anna/",
                "/api/v1/session/",
                "/api/v1/password-links/MDFN.k1.x_y-z",
                "/blobs/01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "/internal/v1/commits/known"
            })
    void plainWordsAndAnyNamesPass(String path) {
        assertThatCode(() -> PlainPath.require(path)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//api/v1/files/anna/a",
                "/api//v1/files/anna/a",
                "/api/v1/files;/anna/a",
                "/api/v1/files;anna/a",
                "/api;x/v1/files/anna/a",
                "/api/v1/fil%65s/anna/a",
                "/%61pi/v1/files/anna/a",
                "/api/v1/files%2Fanna/a",
                "/api/v1/fi les/anna",
                "/./api/v1/files/anna/a",
                "/api/v1/folders/../files/anna/a",
                "/api/v1/files/anna/..",
                "/api/v1/files/anna/./a",
                "/api/v1/files/anna/%2e%2E/a",
                "/api/v1/files/anna/.%2e;x/a",
                "/api\\v1/files"
            })
    void whatACouldSeeOtherwiseThanBIsRefused(String path) {
        assertThatThrownBy(() -> PlainPath.require(path)).isInstanceOfSatisfying(HoldfastException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID);
            assertThat(refusal.code()).isEqualTo("invalid-name");
        });
    }
}
