package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.AccountTerms;
import org.holdfast.master.account.AccountView;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.ChangePassword;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.account.InvitePeople;
import org.holdfast.master.account.PasswordLinks;
import org.holdfast.master.account.Sessions;
import org.holdfast.master.account.Throttle;
import org.holdfast.master.catalog.OwnedFiles;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/users}: accounts. Administrators see and change all of them, everybody else the own one. */
@Path("users")
@Access(Access.Level.SIGNED_IN)
public class UsersResource {
    private static final int DEFAULT_PAGE = 200;
    private static final int MAX_PAGE = 5_000;
    private static final List<String> COLUMNS =
            List.of("name", "role", "state", "validUntil", "quotaBytes", "quotaFiles", "email", "displayName");
    private static final List<String> SESSION_COLUMNS =
            List.of("id", "openedAt", "lastUsedAt", "expiresAt", "address", "userAgent");

    private static final int DEFAULT_FILES = 1_000;
    private static final List<String> USAGE_COLUMNS = List.of("name", "files", "bytes", "quotaFiles", "quotaBytes");
    private static final List<String> FILE_COLUMNS = List.of("id", "size", "modified", "namespace", "path");

    @Inject
    Accounts accounts;

    @Inject
    EditAccounts editAccounts;

    @Inject
    RemoveUser removeUser;

    @Inject
    ChangePassword changePassword;

    @Inject
    PasswordLinks links;

    @Inject
    InvitePeople invitePeople;

    @Inject
    Sessions sessions;

    @Inject
    Throttle throttle;

    @Inject
    OwnedFiles ownedFiles;

    @Inject
    Clock clock;

    @Context
    UriInfo uri;

    @Context
    HttpServletRequest connection;

    @GET
    @Access(Access.Level.ADMINISTRATOR)
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "All accounts by name (limit, after)")
    @Parameters({"limit", "after"})
    public Listing list() {
        Query query = query();
        return Listing.of(
                "users",
                COLUMNS,
                accounts
                        .page(query.text("after").orElse(""), (int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE))
                        .stream()
                        .map(this::row)
                        .toList());
    }

    @POST
    @Access(Access.Level.ADMINISTRATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes an account with its namespace; without a password its owner is invited to set one")
    public Response make(String body) {
        Set<String> known = new HashSet<>(AccountJson.TERMS);
        known.addAll(Set.of("name", "password"));
        JsonBody json = JsonBody.read(body, known);
        String name = json.text("name");
        connection.setAttribute(AuditNote.OBJECT, name);
        connection.setAttribute(AuditNote.DETAIL, json.told());
        AccountTerms terms = AccountJson.terms(json, AccountTerms.DEFAULT);
        Optional<String> hash = json.text("password", Optional.empty()).map(links::hash);
        EditAccounts.Made made = Contention.retry(() -> editAccounts.make(name, terms, hash));
        var answer = JsonText.object(row(made.account()));
        made.invitation().flatMap(InvitePeople.Invitation::url).ifPresent(link -> answer.add("passwordLink", link));
        return created(answer.build());
    }

    @GET
    @Path("{name}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One account")
    public Listing get(@Context ContainerRequestContext request, @PathParam("name") String name) {
        return Listing.of("users", COLUMNS, List.of(row(accounts.view(AccessFilter.caller(request), name))));
    }

    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Changes an account; members left out stay as they are, null takes away; one's own new e-mail waits to be confirmed")
    public String change(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        JsonBody json = JsonBody.read(body, AccountJson.TERMS);
        connection.setAttribute(AuditNote.DETAIL, json.told());
        AccountView changed = Contention.retry(
                () -> editAccounts.change(AccessFilter.caller(request), name, there -> AccountJson.terms(json, there)));
        return row(changed).toString();
    }

    @DELETE
    @Path("{name}")
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(summary = "Deletes an account; its files are handed on (give-to) or deleted too (delete-files=true)")
    @Parameters({"give-to", "delete-files"})
    public Response remove(@Context ContainerRequestContext request, @PathParam("name") String name) {
        removeUser.remove(
                AccessFilter.caller(request),
                name,
                query().text("give-to"),
                query().text("delete-files").filter("true"::equals).isPresent());
        return Response.noContent().build();
    }

    @POST
    @Path("{name}/password")
    @Access(Access.Level.PUBLIC)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sets the password for who knows the old one: {\"old\", \"new\"}; all sessions end")
    public Response setPassword(@PathParam("name") String name, String body) {
        JsonBody json = JsonBody.read(body, Set.of("old", "new"));
        connection.setAttribute(AuditNote.ACTOR, name);
        changePassword.change(name, json.text("old"), json.text("new"), EndpointServlet.client(connection));
        return Response.noContent().build();
    }

    @POST
    @Path("{name}/password-link")
    @Access(Access.Level.ADMINISTRATOR)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Invites the account's owner to set a password")
    public Response invite(@PathParam("name") String name) {
        InvitePeople.Invitation invitation = Contention.retry(() -> invitePeople.invite(name));
        var answer = JsonText.object();
        invitation.url().ifPresent(link -> answer.add("passwordLink", link));
        return created(answer.build());
    }

    @GET
    @Path("{name}/sessions")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The account's sessions that last, the newest first")
    public Listing sessions(@Context ContainerRequestContext request, @PathParam("name") String name) {
        return Listing.of(
                "sessions",
                SESSION_COLUMNS,
                sessions.of(AccessFilter.caller(request), name).stream()
                        .map(session -> JsonText.object()
                                .add("id", session.id())
                                .add("openedAt", session.openedAt().toString())
                                .add("lastUsedAt", session.lastUsedAt().toString())
                                .add("expiresAt", session.expiresAt().toString())
                                .add("address", session.client().address())
                                .add("userAgent", session.client().userAgent())
                                .build())
                        .toList());
    }

    @DELETE
    @Path("{name}/sessions")
    @Operation(summary = "Ends all sessions of the account")
    public Response endSessions(@Context ContainerRequestContext request, @PathParam("name") String name) {
        Contention.retryRun(() -> sessions.end(AccessFilter.caller(request), name, Optional.empty()));
        return Response.noContent().build();
    }

    @DELETE
    @Path("{name}/sessions/{id}")
    @Operation(summary = "Ends one session of the account")
    public Response endSession(
            @Context ContainerRequestContext request, @PathParam("name") String name, @PathParam("id") String id) {
        Contention.retryRun(() -> sessions.end(AccessFilter.caller(request), name, Optional.of(id)));
        return Response.noContent().build();
    }

    @DELETE
    @Path("{name}/throttle")
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(summary = "Forgets all wrong guesses at the account's password")
    public Response unthrottle(@PathParam("name") String name) {
        Contention.retryRun(() -> throttle.lift(accounts.idOf(name)));
        return Response.noContent().build();
    }

    @GET
    @Path("{name}/usage")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "What the account keeps and may keep, with its namespaces")
    public Listing usage(@Context ContainerRequestContext request, @PathParam("name") String name) {
        OwnedFiles.AccountUsage usage = ownedFiles.usage(AccessFilter.caller(request), name);
        var envelope = JsonText.object()
                .add("files", usage.usage().files())
                .add("bytes", usage.usage().bytes());
        AccountJson.add(envelope, usage.quota());
        return new Listing(
                envelope.build(),
                "namespaces",
                USAGE_COLUMNS,
                usage.namespaces().stream().map(NamespacesResource::row).toList());
    }

    @GET
    @Path("{name}/files")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "All files of the account's namespaces, folder by folder (limit, after)")
    @Parameters({"limit", "after"})
    public Listing files(@Context ContainerRequestContext request, @PathParam("name") String name) {
        Query query = query();
        return Listing.of(
                "files",
                FILE_COLUMNS,
                ownedFiles
                        .page(
                                AccessFilter.caller(request),
                                name,
                                query.text("after")
                                        .map(OwnedFiles.Position::parse)
                                        .orElse(OwnedFiles.Position.BEGINNING),
                                (int) query.number("limit", DEFAULT_FILES, 1, OwnedFiles.MAX_PAGE))
                        .stream()
                        .map(file -> JsonText.object()
                                .add("id", file.position().toString())
                                .add("namespace", file.address().namespace())
                                .add("path", file.address().path())
                                .add("size", file.sizeBytes())
                                .add("modified", file.modifiedAt().toString())
                                .build())
                        .toList());
    }

    private Query query() {
        return Query.parse(uri.getRequestUri().getRawQuery());
    }

    private JsonObject row(AccountView account) {
        return AccountJson.row(account, clock.instant());
    }

    private static Response created(JsonObject json) {
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(json.toString())
                .build();
    }
}
