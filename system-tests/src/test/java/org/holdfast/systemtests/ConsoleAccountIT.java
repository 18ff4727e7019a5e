package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What people do with their own account at the console. */
@Order(13)
class ConsoleAccountIT extends AtTheConsole {
    private static final String CODE = "01M7XJM7Q7R363GYJZVWG992CE";

    ConsoleAccountIT(TestCluster cluster) {
        super(cluster);
    }

    /** As if she had asked for it where mails go out, as they don't here. */
    private void waitingFor(String name, String email) {
        var unused = cluster.sql("UPDATE account SET new_email = '" + email + "', new_email_code = '" + CODE
                + "', new_email_until = UTC_TIMESTAMP(6) + INTERVAL 1 DAY WHERE name = '" + name + "'");
    }

    @Test
    void aNewEmailAddressWaitsToBeConfirmedByTheLinkInTheMail() {
        Http fiona = person("fiona", ",\"email\":\"fiona@old.example\"");
        waitingFor("fiona", "fiona@new.example");
        Visitor visitor =
                Visitor.at(cluster.url(), browser()).signIn("fiona", PASSWORD).go("account");
        Locator waits = visitor.text("Waiting for confirmation at fiona@new.example");
        assertThat(waits).isVisible();
        assertThat(visitor.text("fiona@old.example")).isVisible();
        visitor.button("Send another mail").click();
        assertThat(visitor.messages()).containsText("ask an administrator");
        visitor.button("Give up").click();
        assertThat(waits).hasCount(0);

        visitor.go("account/not-a-code");
        assertThat(visitor.messages()).containsText("This code is used up");
        waitingFor("fiona", "fiona@new.example");
        visitor.go("account/" + Tickets.sealedByMasters(cluster, "holdfast-email-code-1", CODE));
        assertThat(visitor.messages()).containsText("Your new e-mail address is confirmed.");
        assertThat(visitor.text("fiona@new.example")).isVisible();
        assertThat(visitor.page()).hasURL(cluster.url() + "/console/#/account");
        assertThat(fiona.get(cluster.api("users/fiona")).expect(200).text())
                .contains("\"email\":\"fiona@new.example\"");
    }

    @Test
    void theScriptTellsOfItAndConfirmsItToo() {
        var unused = person("gudrun", "");
        waitingFor("gudrun", "gudrun@new.example");
        var hers = cluster.client().with(Map.of("HOLDFAST_USER", "gudrun", "HOLDFAST_PASSWORD", PASSWORD));
        assertThat(hers.and("user", "set", "gudrun", "--display-name", "G")
                        .run()
                        .ok())
                .contains("waiting for confirmation at gudrun@new.example");
        hers.and("user", "confirm", "gudrun", "wrong").run().expect(3);
        String link =
                cluster.url() + "/console/#/account/" + Tickets.sealedByMasters(cluster, "holdfast-email-code-1", CODE);
        assertThat(hers.and("user", "confirm", "gudrun", link).run().ok())
                .contains("the e-mail address of gudrun is gudrun@new.example");
    }

    @Test
    void anAccountShowsWhatIsKeptAndWhereItIsSignedIn() {
        Http gerda = person("gerda", ",\"quotaBytes\":1000000");
        gerda.put(cluster.api("files", "gerda/half.bin"), new byte[500_000]).expect(201);
        Http other = sessionOf(gerda);
        Visitor visitor = Visitor.at(cluster.url(), browser()).signIn("gerda", PASSWORD);
        visitor.page().getByTitle("My account").click();
        assertThat(visitor.heading("Account gerda")).isVisible();
        assertThat(visitor.text("500 kB of 1.00 MB")).isVisible();
        assertThat(visitor.page()
                        .getByText("here", new com.microsoft.playwright.Page.GetByTextOptions().setExact(true)))
                .hasCount(1);
        Locator end = visitor.page()
                .getByRole(
                        AriaRole.BUTTON,
                        new com.microsoft.playwright.Page.GetByRoleOptions().setName("End the session"));
        assertThat(end).hasCount(1);
        end.click();
        assertThat(visitor.messages()).containsText("The session has ended.");
        assertThat(end).hasCount(0);
        await().untilAsserted(() -> other.get(cluster.api("users/gerda")).expect(401));

        Http third = sessionOf(gerda);
        Http fourth = sessionOf(gerda);
        visitor.page().reload();
        visitor.button("End all others").click();
        assertThat(visitor.messages()).containsText("2 sessions have ended.");
        await().untilAsserted(() -> third.get(cluster.api("users/gerda")).expect(401));
        await().untilAsserted(() -> fourth.get(cluster.api("users/gerda")).expect(401));
        visitor.page().reload();
        assertThat(visitor.heading("Account gerda")).isVisible();
    }

    private Http sessionOf(Http gerda) {
        String token = gerda.post(cluster.api("session"), "").expect(201).json().getString("token");
        Http other = Http.authorizedBy("Bearer " + token);
        other.get(cluster.api("users/gerda")).expect(200);
        return other;
    }

    @Test
    void aPasswordIsChangedByWhoKnowsTheOldOne() {
        person("hanna", "");
        String next = "quite another password";
        Visitor visitor =
                Visitor.at(cluster.url(), browser()).signIn("hanna", PASSWORD).go("account");
        change(visitor, "not the old one", next);
        assertThat(visitor.alert()).containsText("not your present password");

        change(visitor, PASSWORD, next);
        assertThat(visitor.messages()).containsText("The password has been changed.");
        assertThat(visitor.heading("Account hanna")).isVisible();
        visitor.page().reload();
        assertThat(visitor.heading("Account hanna")).isVisible();
        assertThat(Http.signedInAs("hanna", PASSWORD)
                        .get(cluster.api("users/hanna"))
                        .status())
                .isEqualTo(401);
        Http.signedInAs("hanna", next).get(cluster.api("users/hanna")).expect(200);
        var unused = cluster.sql("DELETE FROM sign_in_failure");
    }

    private static void change(Visitor visitor, String old, String next) {
        visitor.page().getByLabel("Present password").fill(old);
        visitor.page().locator("input[name=new]").fill(next);
        visitor.page().locator("input[name=again]").fill(next);
        visitor.button("Change password").click();
    }
}
