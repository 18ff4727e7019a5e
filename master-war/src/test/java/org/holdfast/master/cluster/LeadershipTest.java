package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.transaction.Transactional.TxType;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeadershipTest {
    private static final String ANOTHER = "UPDATE lease SET holder = 'm2/x', token = token + 1,"
            + " expires_at = UTC_TIMESTAMP(6) + INTERVAL 3 SECOND WHERE name = 'leader'";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Leadership leadership() {
        return master.get(Leadership.class);
    }

    private void requireLeader() throws Exception {
        var unused = master.transactions().run(TxType.REQUIRED, () -> {
            leadership().requireLeader();
            return true;
        });
    }

    @Test
    void theFirstWhoSeeksLeadsAndKeepsItsTokenWhileItRenews() throws Exception {
        assertThat(leadership().isLeader()).isFalse();
        assertThat(leadership().seek()).isTrue();
        long token = leadership().token();
        assertThat(leadership().seek()).isTrue();
        assertThat(leadership().token()).isEqualTo(token).isPositive();
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'LEADER'"))
                .containsExactly("m1 leads the cluster now, with fencing token " + token);
    }

    @Test
    void whileAnotherHoldsItThereIsNothingToTake() throws Exception {
        assertThat(leadership().seek()).isTrue();
        master.sql(ANOTHER);
        assertThatThrownBy(this::requireLeader)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("not-leader"));
        assertThat(leadership().seek()).isFalse();
        assertThat(leadership().isLeader()).isFalse();
    }

    @Test
    void aLeaseThatRanOutIsTakenWithALargerToken() throws Exception {
        assertThat(leadership().seek()).isTrue();
        long first = leadership().token();
        master.sql(ANOTHER);
        master.sql("UPDATE lease SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE name = 'leader'");
        assertThat(leadership().seek()).isTrue();
        assertThat(leadership().token()).isEqualTo(first + 2);
        requireLeader();
    }

    @Test
    void whoResignsLeadsNoMoreAndLeavesTheLeaseFree() throws Exception {
        assertThat(leadership().seek()).isTrue();
        leadership().resign();
        assertThat(leadership().isLeader()).isFalse();
        assertThat(master.rows("SELECT name FROM lease WHERE name = 'leader'" + " AND expires_at < UTC_TIMESTAMP(6)"))
                .containsExactly("leader");
    }

    @Test
    void aMasterThatCouldNotRenewStopsBelieving() throws Exception {
        assertThat(leadership().seek()).isTrue();
        master.clock().forward(Leadership.LIFE);
        assertThat(leadership().isLeader()).isFalse();
    }
}
