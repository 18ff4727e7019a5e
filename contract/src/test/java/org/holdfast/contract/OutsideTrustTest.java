package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideTrustTest {
    @TempDir
    Path folder;

    private Path pem(String... subjects) throws Exception {
        var text = new StringBuilder();
        var authority = new TestAuthority(folder);
        for (String subject : subjects) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder()
                            .encodeToString(authority.certificate(subject).getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return Files.writeString(folder.resolve("ca.pem"), text);
    }

    @Test
    void thoseOfAFileAreTrustedAloneOrBesideThoseOfTheJdk() throws Exception {
        Optional<Path> two = Optional.of(pem("CN=one", "CN=two"));
        int ofTheJdk = OutsideTrust.authorities(true, Optional.empty()).size();
        assertThat(ofTheJdk).isGreaterThan(20);
        assertThat(OutsideTrust.authorities(true, two).size()).isEqualTo(ofTheJdk + 2);
        assertThat(OutsideTrust.authorities(false, two).size()).isEqualTo(2);
    }

    @Test
    void anEmptyFileAddsNothingAndIsNothingToTrustAlone() throws Exception {
        Path none = pem();
        assertThat(OutsideTrust.ofTheJdkAnd(Optional.of(none)).getProtocol()).isEqualTo("TLS");
        assertThatThrownBy(() -> OutsideTrust.only(none))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("ca.pem");
        assertThatThrownBy(() -> OutsideTrust.ofTheJdkAnd(Optional.of(folder.resolve("missing.pem"))))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("missing.pem");
    }
}
