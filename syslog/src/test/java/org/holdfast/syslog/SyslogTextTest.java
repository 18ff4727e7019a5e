package org.holdfast.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.syslog.Facility;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyslogTextTest {
    private final SyslogText text = new SyslogText(Facility.LOCAL0);

    private String message(String object, int status, Optional<String> code) {
        return new String(text.datagram(Records.of(object, status, code)), UTF_8);
    }

    @Test
    void aMessageHasTheHeaderOfTheStandardAllFieldsAsStructuredDataAndASentence() {
        // local0.info is 16 * 8 + 6.
        assertThat(message("anna/a.txt", 200, Optional.empty()))
                .matches("<134>1 2026-03-01T12:00:00\\.123Z \\S+ holdfast m1 files\\.get"
                        + " \\[holdfast@32473 id=\"[0-9A-Z]{26}\" at=\"2026-03-01T12:00:00\\.123456Z\" component=\"m1\""
                        + " actor=\"anna\" via=\"SESSION\" address=\"192\\.0\\.2\\.7\" action=\"files\\.get\""
                        + " object=\"anna/a\\.txt\" status=\"200\" millis=\"3\" bytes=\"12\"\\]"
                        + " anna from 192\\.0\\.2\\.7: files\\.get anna/a\\.txt 200");
    }

    @Test
    void refusalsAreWarningsAndDefectsAreErrors() {
        assertThat(message("a", 401, Optional.of("sign-in-required")))
                .startsWith("<132>1 ")
                .contains(" code=\"sign-in-required\"")
                .endsWith(" 401 sign-in-required");
        assertThat(message("a", 503, Optional.of("busy"))).startsWith("<131>1 ");
        assertThat(message("a", 404, Optional.of("not-found"))).startsWith("<134>1 ");
    }

    @Test
    void whatWouldEndAValueIsEscaped() {
        assertThat(message("anna/\"]\\ x\" evil=\"1", 200, Optional.empty()))
                .contains(" object=\"anna/\\\"\\]\\\\ x\\\" evil=\\\"1\" status=");
    }

    @Test
    void noNameMakesASecondLineOrASecondMessage() {
        String message = message("anna/a\n<134>1 forged\r\u0000\u2028b", 200, Optional.empty());
        assertThat(message.lines()).hasSize(1);
        assertThat(message).doesNotContainPattern("[\\p{Cntrl}\\u2028]").contains("anna/a\\\\u000a<134>1 forged");
    }

    @Test
    void aFrameCountsOctetsAndNotCharacters() {
        byte[] frame = text.frame(Records.of("anna/bücher/日本.txt"));
        String whole = new String(frame, UTF_8);
        int space = whole.indexOf(' ');
        int told = Integer.parseInt(whole.substring(0, space));
        assertThat(told).isEqualTo(frame.length - space - 1);
        assertThat(whole.substring(space + 1)).startsWith("<134>1 ").contains("bücher/日本.txt");
    }

    @Test
    void theLongestNameStaysBelowWhatReceiversTake() {
        assertThat(text.datagram(Records.of("日".repeat(4_200)))).hasSizeLessThan(8_192);
        assertThat(text.datagram(Records.of("😀".repeat(2_100)))).hasSizeLessThan(8_192);
    }
}
