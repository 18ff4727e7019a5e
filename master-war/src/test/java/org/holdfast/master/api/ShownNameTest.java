package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownNameTest {
    @Test
    void whatCanNotBeSeenIsShownByItsNumber() {
        assertThat(ShownName.text("photo-\u202egpj.exe")).isEqualTo("photo-<U+202E>gpj.exe");
        assertThat(ShownName.text("a\u200bb\u00adc\u3164d\u2066e\ufefff\udb40\udc41"))
                .isEqualTo("a<U+200B>b<U+00AD>c<U+3164>d<U+2066>e<U+FEFF>f<U+E0041>");
        assertThat(ShownName.text("pay\u200dpal")).isEqualTo("pay<U+200D>pal");
        assertThat(ShownName.text("\u00fc\u200d\u202e")).isEqualTo("\u00fc<U+200D><U+202E>");
        assertThat(ShownName.html("<b>\u202e")).isEqualTo("<bdi>&lt;b&gt;<mark>U+202E</mark></bdi>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.txt",
                "\u00fc a\u0308 \u65e5\u672c",
                "\u05e9\u05dc\u05d5\u05dd",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\ud83d\udc68\u200d\ud83d\udcbb \u2764\ufe0f"
            })
    void ordinaryNamesOfAnyLanguageStayAsTheyAre(String name) {
        assertThat(ShownName.text(name)).isEqualTo(name);
    }
}
