package org.holdfast.master.account;

import java.time.Duration;

/**
 * How people reach the cluster.
 *
 * @param url base of the links that are given to people, without a slash at its end
 * @param passwordLinkLife how long a one-time link to set a password is good
 */
public record PeopleConfig(String url, Duration passwordLinkLife) {
    public PeopleConfig {
        if (!url.matches("https?://[^\\s/?#]+(/[^\\s?#]*[^\\s/?#])?")) {
            throw new IllegalArgumentException(
                    "holdfast.people.url must be an http or https URL without a slash at" + " its end");
        }
        if (passwordLinkLife.toMinutes() < 1) {
            throw new IllegalArgumentException("holdfast.people.password-link-life must be at least a minute");
        }
    }
}
