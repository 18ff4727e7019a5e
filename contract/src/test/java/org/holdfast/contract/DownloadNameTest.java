package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DownloadNameTest {
    @Test
    void aPlainNameStaysPlain() {
        assertThat(DownloadName.disposition("a b.txt"))
                .isEqualTo("attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt");
    }

    @Test
    void noNameCanBreakTheHeader() {
        assertThat(DownloadName.disposition("ü\"\\%;😀\r\n.txt"))
                .isEqualTo("attachment; filename=\"____;____.txt\";"
                        + " filename*=UTF-8''%C3%BC%22%5C%25%3B%F0%9F%98%80%0D%0A.txt");
    }

    @Test
    void onlyMediaTypesAreAnsweredAsSuch() {
        assertThat(DownloadName.mediaType("text/html; charset=utf-8")).isEqualTo("text/html; charset=utf-8");
        assertThat(DownloadName.mediaType("text/html\r\nX: y")).isEqualTo("application/octet-stream");
        assertThat(DownloadName.mediaType("")).isEqualTo("application/octet-stream");
    }
}
