package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.holdfast.master.mail.LinkUrls;

/** The links that mails carry: to set a password, and to confirm an e-mail address. */
@ApplicationScoped
public class MailedLinks implements LinkUrls {
    @Inject
    PasswordLinks passwords;

    @Inject
    NewEmails emails;

    @Override
    public String password(String linkId) {
        return passwords.url(linkId);
    }

    @Override
    public String email(String linkId) {
        return emails.url(linkId);
    }
}
