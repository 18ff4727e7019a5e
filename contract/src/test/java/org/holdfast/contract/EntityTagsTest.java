package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                // header, named by If-Match, named by If-None-Match, where the tag is "a"
                "'\"a\"', true, true",
                "'\"x\", \"a\"', true, true",
                "'\"x\",\"a\"', true, true",
                "' * ', true, true",
                "'W/\"a\"', false, true",
                "'\"x\", W/\"a\"', false, true",
                "'\"b\"', false, false",
                "'a', false, false",
                "'', false, false",
            })
    void aWeakTagCountsOnlyWhereNothingIsWritten(String header, boolean ifMatch, boolean ifNoneMatch) {
        assertThat(EntityTags.ifMatchNames(header, "\"a\"")).isEqualTo(ifMatch);
        assertThat(EntityTags.ifNoneMatchNames(header, "\"a\"")).isEqualTo(ifNoneMatch);
    }
}
