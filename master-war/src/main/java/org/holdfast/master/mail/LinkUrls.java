package org.holdfast.master.mail;

/** Knows the links that mails carry. They are put in when a mail is sent, so that none lies in the outbox. */
public interface LinkUrls {
    /** The link of this key, as a person gets it. */
    String url(String linkId);
}
