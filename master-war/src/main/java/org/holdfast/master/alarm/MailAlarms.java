package org.holdfast.master.alarm;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.PeopleConfig;
import org.holdfast.master.mail.Outbox;

/** Writes to the administrators what has begun and what is over: one mail for all that comes at once. */
@ApplicationScoped
public class MailAlarms {
    /** Of those that begin, and of those that are over; the others are counted. A mail's text has 64 KiB. */
    static final int MOST_TOLD = 10;

    @Inject
    Accounts accounts;

    @Inject
    Outbox outbox;

    @Inject
    PeopleConfig config;

    /** Within the caller's transaction; does nothing where mails are not sent, or nothing has happened. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void tell(List<Alarm> begun, List<Alarm> over) {
        if (!outbox.isOn() || (begun.isEmpty() && over.isEmpty())) {
            return;
        }
        String subject = "Holdfast: " + headline(begun, over);
        String body = Stream.of(part("This needs attention", begun), part("This is over", over))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("\n"))
                + "\nSee " + config.url() + "/console/\n";
        accounts.administratorsAddresses().forEach(address -> outbox.add(address, subject, body, Optional.empty()));
    }

    private static String headline(List<Alarm> begun, List<Alarm> over) {
        if (begun.isEmpty()) {
            return over.size() == 1 ? title(over.get(0)) + " is over" : over.size() + " alarms are over";
        }
        return begun.size() == 1 ? title(begun.get(0)) : begun.size() + " alarms";
    }

    private static String title(Alarm alarm) {
        return alarm.kind().word() + " (" + alarm.subject() + ")";
    }

    private static String part(String heading, List<Alarm> alarms) {
        return alarms.isEmpty()
                ? ""
                : heading + ":\n\n"
                        + alarms.stream()
                                .limit(MOST_TOLD)
                                .map(alarm -> "  " + alarm.severity().word() + ": " + title(alarm) + "\n  "
                                        + alarm.sentence() + "\n")
                                .collect(Collectors.joining("\n"))
                        + (alarms.size() > MOST_TOLD ? "\n  and " + (alarms.size() - MOST_TOLD) + " more\n" : "");
    }
}
