package org.holdfast.master.mail;

/** Knows the links that mails carry. They are put in when a mail is sent, so that none lies in the outbox. */
public interface LinkUrls {
    /** The link of this key that sets a password. */
    String password(String linkId);

    /** The link of this key that confirms an e-mail address. */
    String email(String linkId);
}
