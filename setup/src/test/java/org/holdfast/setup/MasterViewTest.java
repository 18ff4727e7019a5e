package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MasterViewTest {
    @Test
    void whoWillRunByItselfIsOnItsWay() {
        assertThat(MasterView.coming("""
                        name\tzone\tstatus\tadminState
                        sn1\tz\trunning\tin_service
                        sn2\tz\tverifying\tin_service
                        sn3\tz\tdown\tdraining
                        sn4\tz\tfailed\tin_service
                        sn5\tz\tdown\toffline
                        sn6\tz\tjoining\tin_service
                        """)).containsExactly("sn2 verifying", "sn3 down", "sn6 joining");
    }
}
