package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import org.holdfast.master.mail.Outbox;

/** Tells people of their account, and how to get a password: by mail where they have an address and mails are sent. */
@ApplicationScoped
public class InvitePeople {
    private static final String SUBJECT = "Your Holdfast account";

    @Inject
    Accounts accounts;

    @Inject
    PasswordLinks links;

    @Inject
    Outbox outbox;

    @Inject
    PeopleConfig config;

    @Inject
    Clock clock;

    /**
     * How the link reaches its account's owner.
     *
     * @param url to be handed on by the administrator; empty when a mail is on its way
     */
    public record Invitation(Optional<String> url) {
        @Override
        public String toString() {
            return "Invitation[byMail=" + url.isEmpty() + "]";
        }
    }

    /** Makes a link for an account, whatever its password is. */
    @Transactional
    public Invitation invite(String name) {
        return invite(accounts.locked(name));
    }

    Invitation invite(Account account) {
        String link = links.make(account.id);
        String email = account.email;
        if (email == null || !outbox.isOn()) {
            return new Invitation(Optional.of(links.url(link)));
        }
        String end = Minutes.text(clock.instant().plus(config.passwordLinkLife()));
        String how = "Set your password here; the link\nworks once, until " + end + ":\n\n  " + Outbox.LINK;
        outbox.add(email, SUBJECT, text(account, how), Optional.of(link));
        return new Invitation(Optional.empty());
    }

    /** Tells somebody whose password an administrator has set what else is needed to sign in. */
    void welcome(Account account) {
        String email = account.email;
        if (email != null && outbox.isOn()) {
            outbox.add(email, SUBJECT, text(account, "Your administrator\ntells you the password."), Optional.empty());
        }
    }

    private String text(Account account, String how) {
        String person = account.displayName.isEmpty() ? account.name : account.displayName;
        var validity = account.validity();
        return "Hello " + person + ",\n\nthis is your account in the file store at " + config.url() + "\n\n"
                + "  user name:    " + account.name + "\n"
                + "  valid from:   " + validity.from().map(Minutes::text).orElse("now") + "\n"
                + "  valid until:  "
                + validity.until().map(Minutes::text).orElse("further notice") + "\n\n"
                + "You can sign in with this address instead of the user name. " + how + "\n\n"
                + "Nobody will ever ask you for your password. If you don't expect this mail, ignore it.\n";
    }
}
