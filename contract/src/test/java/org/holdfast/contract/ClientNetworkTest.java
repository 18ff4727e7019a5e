package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:0:1::7, 2001:db8:0:1::/64",
        "2001:DB8:0:1:ffff:ffff:ffff:ffff, 2001:db8:0:1::/64",
        "2001:db8:0:2::7, 2001:db8:0:2::/64",
        "0:0:0:0:0:0:0:1, 0:0:0:0::/64",
        "fe80::1%eth0, fe80:0:0:0::/64",
        "::ffff:192.0.2.7, 192.0.2.7",
        "no:address, no:address",
        "'', ''"
    })
    void anIpv4AddressCountsAloneAnIpv6AddressByItsSubnet(String address, String network) {
        assertThat(ClientNetwork.of(address)).isEqualTo(network);
    }

    @Test
    void whatIsNoAddressIsCut() {
        assertThat(ClientNetwork.of("x".repeat(64))).hasSize(40);
    }
}
