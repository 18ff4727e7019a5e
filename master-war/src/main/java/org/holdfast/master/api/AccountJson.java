package org.holdfast.master.api;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.account.AccountTerms;
import org.holdfast.master.account.AccountView;
import org.holdfast.master.account.Quota;
import org.holdfast.master.account.Role;
import org.holdfast.master.account.Validity;

/** Accounts as JSON. */
final class AccountJson {
    /** What PATCH knows. */
    static final Set<String> TERMS = Set.of(
            "email",
            "displayName",
            "role",
            "validFrom",
            "validUntil",
            "suspended",
            "mustSetPassword",
            "quotaBytes",
            "quotaFiles");

    private AccountJson() {}

    /** The terms that there are, with what the body says instead. */
    static AccountTerms terms(JsonBody body, AccountTerms there) {
        return new AccountTerms(
                body.text("email", there.email())
                        .map(text -> text.strip().toLowerCase(Locale.ROOT))
                        .filter(text -> !text.isEmpty()),
                body.text("displayName", Optional.of(there.displayName())).orElse(""),
                body.text("role", Optional.empty()).map(AccountJson::role).orElse(there.role()),
                new Validity(
                        body.instant("validFrom", there.validity().from()),
                        body.instant("validUntil", there.validity().until())),
                body.flag("suspended", there.suspended()),
                body.flag("mustSetPassword", there.mustSetPassword()),
                quota(body, there.quota()));
    }

    static Quota quota(JsonBody body, Quota there) {
        return new Quota(body.number("quotaBytes", there.bytes()), body.number("quotaFiles", there.files()));
    }

    static void add(JsonObjectBuilder json, Quota quota) {
        quota.bytes().ifPresentOrElse(most -> json.add("quotaBytes", most), () -> json.addNull("quotaBytes"));
        quota.files().ifPresentOrElse(most -> json.add("quotaFiles", most), () -> json.addNull("quotaFiles"));
    }

    private static Role role(String text) {
        return switch (text) {
            case "user" -> Role.USER;
            case "administrator" -> Role.ADMINISTRATOR;
            default ->
                throw HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The role of an account is user or administrator.");
        };
    }

    static JsonObject row(AccountView account, Instant now) {
        AccountTerms terms = account.terms();
        JsonObjectBuilder json = JsonText.object()
                .add("name", account.name())
                .add("displayName", terms.displayName())
                .add("role", terms.role().name().toLowerCase(Locale.ROOT))
                .add("state", account.state(now))
                .add("suspended", terms.suspended())
                .add("mustSetPassword", terms.mustSetPassword())
                .add("createdAt", account.createdAt().toString());
        terms.email().ifPresentOrElse(email -> json.add("email", email), () -> json.addNull("email"));
        account.newEmail(now).ifPresentOrElse(email -> json.add("newEmail", email), () -> json.addNull("newEmail"));
        addInstant(json, "validFrom", terms.validity().from());
        addInstant(json, "validUntil", terms.validity().until());
        add(json, terms.quota());
        return json.build();
    }

    private static void addInstant(JsonObjectBuilder json, String name, Optional<Instant> at) {
        at.ifPresentOrElse(instant -> json.add(name, instant.toString()), () -> json.addNull(name));
    }
}
