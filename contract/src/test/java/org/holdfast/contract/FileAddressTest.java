package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileAddressTest {
    @Property
    void every_legal_address_survives_its_url(@ForAll("addresses") FileAddress address) {
        assertThat(FileAddress.parse(address.encoded())).isEqualTo(address);
        assertThat(FileAddress.parse("/" + address.encoded() + "/")).isEqualTo(address);
    }

    @Property
    void its_url_needs_no_further_escape(@ForAll("addresses") FileAddress address) {
        assertThat(address.encoded()).matches("[A-Za-z0-9._~%/-]+");
    }

    @Property
    void parent_and_name_make_the_address_again(@ForAll("addresses") FileAddress address) {
        if (!address.isRoot()) {
            assertThat(address.parent().child(address.name())).isEqualTo(address);
        }
        assertThat(FileAddress.parse(address.namespace()).isRoot()).isTrue();
    }

    @Property(tries = 2000)
    void an_arbitrary_text_is_read_as_a_legal_address_or_refused(@ForAll String text) {
        try {
            FileAddress address = FileAddress.parse(text);
            assertThat(FileAddress.parse(address.encoded())).isEqualTo(address);
        } catch (HoldfastException refusal) {
            assertThat(refusal.code()).isEqualTo("invalid-name");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ns/a%20b | a b",
                "ns/a+b | a+b",
                "ns/%25 | %",
                "ns/%252F | %2F",
                "ns/%2500 | %00",
                "ns/%3F%23%3B%5C%22 | ?#;\\\"",
                "ns/;v=1 | ;v=1",
                "ns/-rf | -rf",
                "ns/%c3%a4 | ä",
                "ns/%F0%9F%90%99/x | 🐙/x",
                "ns/... | ...",
                "ns/.hidden/ | .hidden",
            })
    void awkward_names_are_read_as_meant(String raw, String path) {
        assertThat(FileAddress.parse(raw)).isEqualTo(new FileAddress("ns", path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//ns",
                "ns//",
                "ns//a",
                "ns/a//b",
                "ns/a//",
                "ns/.",
                "ns/..",
                "ns/a/../b",
                "ns/%2e%2e/b",
                "ns/%2E",
                "ns/a%00b",
                "ns/a%0Ab",
                "ns/a%7f",
                "ns/%C2%85",
                "ns/a%2Fb",
                "ns/a%2fb",
                "ns/%",
                "ns/%4",
                "ns/%zz",
                "ns/%+1",
                "ns/%４１",
                "ns/ä",
                "ns/%ff",
                "ns/%c0%af",
                "ns/%ed%a0%80",
                "NS/a",
                "n s/a",
                "-ns/a",
                ".ns/a",
                "n%2Fs/a",
                "%2e%2e/a",
            })
    void illegal_urls_are_refused(String raw) {
        assertRefused(() -> FileAddress.parse(raw));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", ".", "a/..", "a\u0000", "a\nb", "\ud83d", "\udc19x", "x\ud83dx"})
    void illegal_paths_are_refused_from_wherever_they_come(String path) {
        assertRefused(() -> new FileAddress("ns", path));
    }

    @Test
    void a_name_has_up_to_255_bytes() {
        assertThat(new FileAddress("ns", "n".repeat(255)).name()).hasSize(255);
        assertThat(new FileAddress("ns", "ä".repeat(127) + "n").name()).hasSize(128);
        assertRefused(() -> new FileAddress("ns", "n".repeat(256)));
        assertRefused(() -> new FileAddress("ns", "ä".repeat(128)));
        assertRefused(() -> new FileAddress("ns", "🐙".repeat(64)));
    }

    @Test
    void a_path_may_be_200_levels_deep_and_has_up_to_4096_bytes() {
        String deep = IntStream.rangeClosed(1, 200)
                .mapToObj(level -> "level " + level)
                .collect(Collectors.joining("/"));
        var address = new FileAddress("ns", deep);
        assertThat(FileAddress.parse(address.encoded())).isEqualTo(address);
        String longest = "12345678901234567890123456789012345678901234567890123456789012/".repeat(65) + "x";
        assertThat(longest).hasSize(4096);
        new FileAddress("ns", longest).requireShort();
        var longer = new FileAddress("ns", longest + "y");
        assertRefused(longer::requireShort);
        assertThat(FileAddress.parse(longer.encoded())).isEqualTo(longer);
    }

    @Test
    void a_folder_of_the_longest_path_may_hold_a_file_of_an_earlier_release() {
        String longest = "12345678901234567890123456789012345678901234567890123456789012/".repeat(65) + "x";
        assertThat(new FileAddress("ns", longest).child("n".repeat(255)).name()).hasSize(255);
        assertRefused(() -> new FileAddress("ns", longest + "y").child("n".repeat(255)));
    }

    @Test
    void a_namespace_has_up_to_64_characters() {
        assertThat(new FileAddress("a".repeat(64), "").isRoot()).isTrue();
        assertThat(new FileAddress("jo@example.org", "").toString()).isEqualTo("jo@example.org");
        assertRefused(() -> new FileAddress("a".repeat(65), ""));
        assertRefused(() -> new FileAddress("", "a"));
        assertRefused(() -> new FileAddress("ns\n", "a"));
    }

    @Test
    void a_file_lies_below_the_root() {
        assertThat(FileAddress.parseFile("ns/a").path()).isEqualTo("a");
        assertRefused(() -> FileAddress.parseFile("ns/"));
        assertThat(new FileAddress("ns", "").parent()).isEqualTo(new FileAddress("ns", ""));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(reading)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("invalid-name"));
    }

    @Provide
    Arbitrary<FileAddress> addresses() {
        return Legal.addresses();
    }

    @Test
    void foldersAreMadeAtMost128LevelsDeepButAddressesGoDeeper() {
        assertThat(new FileAddress("ns", "").levels()).isZero();
        assertThat(new FileAddress("ns", "a").levels()).isOne();
        var deepest = new FileAddress("ns", "a" + "/a".repeat(127));
        assertThat(deepest.levels()).isEqualTo(128);
        deepest.requireMakeable();
        var deeper = deepest.child("a");
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(deeper::requireMakeable)
                .satisfies(e -> assertThat(e.code()).isEqualTo("path-too-deep"));
        assertThat(FileAddress.parse(deeper.encoded())).isEqualTo(deeper);
    }
}
