package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.PasswordLinks;
import org.holdfast.master.database.Contention;

/**
 * {@code /api/v1/password-links/{token}}: the page behind a one-time link. Looking at it uses nothing up, since mail
 * programs look at links before people do.
 */
@Path("password-links/{token}")
@Access(Access.Level.PUBLIC)
public class PasswordLinksResource {
    @Inject
    PasswordLinks links;

    @Context
    HttpServletRequest connection;

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "A form to set the password")
    public Response form(@PathParam("token") String token) {
        return Page.of(
                "Set your password",
                "<p>Account: <b>" + Page.escape(accountOf(token)) + "</b></p>"
                        + "<form method=\"post\"><label>New password (8 characters or more)"
                        + " <input type=\"password\" name=\"password\" autocomplete=\"new-password\" minlength=\"8\""
                        + " maxlength=\"256\" required autofocus></label> <button>Set it</button></form>");
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "Sets the password, once")
    public Response submit(@PathParam("token") String token, String form) {
        set(
                token,
                Query.parse(form)
                        .requireKnown(Set.of("password"))
                        .text("password")
                        .orElse(""));
        return Page.of("Your password is set", "<p>You can sign in with it now.</p>");
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "The same for programs: {\"password\"}")
    public Response setByProgram(@PathParam("token") String token, String body) {
        set(token, JsonBody.read(body, Set.of("password")).text("password"));
        return Response.noContent().build();
    }

    private String accountOf(String token) {
        String account = links.accountOf(token);
        connection.setAttribute(AuditNote.ACTOR, account);
        return account;
    }

    private void set(String token, String password) {
        // Asked first, so that nobody without a link makes this master compute hashes.
        var unused = accountOf(token);
        String hash = links.hash(password);
        Contention.retryRun(() -> links.use(token, hash));
    }
}
