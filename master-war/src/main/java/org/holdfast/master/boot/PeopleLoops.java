package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.holdfast.master.account.Revocations;
import org.holdfast.master.account.Sessions;
import org.holdfast.master.account.SweepAccounts;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.mail.Outbox;
import org.holdfast.master.mail.SendMail;

/** What goes on in the background about people. */
@ApplicationScoped
public class PeopleLoops {
    @Inject
    Revocations revocations;

    @Inject
    Sessions sessions;

    @Inject
    SweepAccounts sweep;

    @Inject
    Outbox outbox;

    @Inject
    SendMail sendMail;

    @Inject
    Leadership leadership;

    List<Loop> loops() {
        return List.of(
                new Loop("reader of revocations", Revocations.EVERY, revocations::refresh),
                new Loop("sweep of accounts", SweepAccounts.EVERY, () -> {
                    sessions.recordUses();
                    sweep.sweep();
                    outbox.sweep();
                }),
                new Loop("sender of mails", SendMail.EVERY, () -> {
                    if (leadership.isLeader()) {
                        sendMail.sendDue();
                    }
                }));
    }
}
