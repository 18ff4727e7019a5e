package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.catalog.ShareLinks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedResourceTest {
    private static final Caller ANNA = new Caller(7, "anna", Role.USER, 0);
    private static final String TOKEN = "TDE.k1.seaX";

    private static ShareLinks.Opened link(FileAddress address, boolean isFolder) {
        return new ShareLinks.Opened("01ARZ3NDEKTSV4RRFFQ69G5FAV", ANNA, address, isFolder, Optional.empty());
    }

    private static FileAddress inFolder(String raw) {
        return SharedResource.address(link(new FileAddress("anna", "a"), true), SharedResource.PATH + raw, TOKEN);
    }

    @Test
    void itLeadsToTheFolderAndToWhatIsBelow() {
        assertThat(inFolder(TOKEN)).isEqualTo(new FileAddress("anna", "a"));
        assertThat(inFolder(TOKEN + "/")).isEqualTo(new FileAddress("anna", "a"));
        assertThat(inFolder(TOKEN + "/b;c/%C3%BC%3F")).isEqualTo(new FileAddress("anna", "a/b;c/ü?"));
        assertThat(SharedResource.address(
                        link(new FileAddress("anna", ""), true), SharedResource.PATH + TOKEN + "/a", TOKEN))
                .isEqualTo(new FileAddress("anna", "a"));
    }

    @Test
    void aFileHasNothingBelow() {
        var file = link(new FileAddress("anna", "a"), false);
        assertThat(SharedResource.address(file, SharedResource.PATH + TOKEN, TOKEN))
                .isEqualTo(file.address());
        assertRefused(
                FailureKind.NOT_FOUND,
                "link-not-valid",
                () -> SharedResource.address(file, SharedResource.PATH + TOKEN + "/b", TOKEN));
    }

    /** The neighbours of the folder {@code a} begin with its name. */
    @ParameterizedTest
    @ValueSource(strings = {"TDE.k1.sea%58", "TDE.k1.sea%58/b", "TDE.k1.seaX;5/b", "TDE%2Ek1.seaX", "TDE.k1.seaX%2Fb"})
    void whatIsLeftOfAnOddlyWrittenLinkIsNoName(String odd) {
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> inFolder(odd));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/../b", "/%2e%2e/b", "/x/../../b", "//b", "/b%2Fc", "/%00"})
    void nothingLeadsOutOfTheFolder(String rest) {
        assertRefused(FailureKind.INVALID, "invalid-name", () -> inFolder(TOKEN + rest));
    }
}
