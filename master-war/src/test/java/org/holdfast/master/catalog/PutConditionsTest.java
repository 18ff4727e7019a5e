package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PutConditionsTest {
    private static final FileAddress ADDRESS = new FileAddress("admin", "a");

    private static void require(
            OnConflict onConflict, @Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable String etag) {
        PutConditions.require(
                new PutTerms(
                        "admin",
                        onConflict,
                        Optional.ofNullable(ifMatch),
                        Optional.ofNullable(ifNoneMatch),
                        1,
                        Set.of()),
                ADDRESS,
                etag == null ? null : new Conditions.Current(etag, Instant.EPOCH));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '\'',
            value = {
                // if-match, if-none-match, current, passes
                "-, -, -, true",
                "-, -, '\"a\"', true",
                "'\"a\"', -, '\"a\"', true",
                "'\"x\", \"a\"', -, '\"a\"', true",
                "*, -, '\"a\"', true",
                "' * ', -, '\"a\"', true",
                "'\"b\"', -, '\"a\"', false",
                "'a', -, '\"a\"', false",
                "'W/\"a\"', -, '\"a\"', false",
                "'\"a\"', -, -, false",
                "*, -, -, false",
                "-, *, -, true",
                "-, '\"a\"', -, true",
                "-, '\"b\"', '\"a\"', true",
                "-, *, '\"a\"', false",
                "-, '\"a\"', '\"a\"', false",
                "-, '\"b\",\"a\"', '\"a\"', false",
                "-, 'W/\"a\"', '\"a\"', false",
                "'\"a\"', '\"a\"', '\"a\"', false",
            })
    void conditionsHoldOrNot(
            @Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable String etag, boolean passes) {
        if (passes) {
            assertThatCode(() -> require(OnConflict.REPLACE, ifMatch, ifNoneMatch, etag))
                    .doesNotThrowAnyException();
        } else {
            assertRefused(
                    FailureKind.PRECONDITION,
                    "precondition-failed",
                    () -> require(OnConflict.REPLACE, ifMatch, ifNoneMatch, etag));
        }
    }

    @Test
    void failRefusesAnyCurrentVersionAndRenameNone() {
        assertRefused(FailureKind.CONFLICT, "conflict", () -> require(OnConflict.FAIL, null, null, "\"a\""));
        assertThatCode(() -> require(OnConflict.FAIL, null, null, null)).doesNotThrowAnyException();
        assertThatCode(() -> require(OnConflict.RENAME, null, null, "\"a\"")).doesNotThrowAnyException();
    }
}
