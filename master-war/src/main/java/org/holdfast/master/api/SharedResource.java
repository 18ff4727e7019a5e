package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.LinkPasswords;
import org.holdfast.master.catalog.FindNames;
import org.holdfast.master.catalog.ListFolder;
import org.holdfast.master.catalog.ReadFile;
import org.holdfast.master.catalog.ShareLinks;

/**
 * {@code /api/v1/shared/{token}}: what a link leads to, for whoever has it. A file is sent by redirect; a folder is
 * listed, and its files are below it: {@code /api/v1/shared/{token}/{path}}.
 */
@Path("shared/{token}")
@Access(Access.Level.PUBLIC)
public class SharedResource {
    static final String PATH = "/api/v1/shared/";
    private static final String PASSWORD_HEADER = "Holdfast-Link-Password";
    private static final String PASS = "pass";
    /** A link that has ended works on at the nodes for so long; whoever goes on with a download asks by the link again. */
    private static final Duration TICKET_LIFE = Duration.ofMinutes(1);

    @Inject
    ShareLinks links;

    @Inject
    LinkPasswords passwords;

    @Inject
    FindNames names;

    @Inject
    ListFolder listFolder;

    @Inject
    ReadFile readFile;

    @Inject
    ReadAt readAt;

    @Inject
    Clock clock;

    @Inject
    Traffic traffic;

    @Context
    UriInfo uri;

    @Context
    HttpHeaders headers;

    @Context
    HttpServletRequest connection;

    @GET
    @Operation(summary = "Reads what the link leads to (pass, after)")
    @Parameters({"pass", "after"})
    public Response read(@PathParam("token") String token) {
        ShareLinks.Opened link = open(token);
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Optional<String> pass = query.text(PASS).filter(shown -> passwords.isGood(shown, link.id()));
        if (link.passwordHash().isPresent() && pass.isEmpty()) {
            Optional<String> told = Optional.ofNullable(headers.getHeaderString(PASSWORD_HEADER));
            if (told.isEmpty() && isForPeople()) {
                return form("A password, please");
            }
            pass = Optional.of(pass(link, told.orElseThrow(LinkPasswords::required)));
        }
        FileAddress address = address(link, connection.getRequestURI(), token);
        connection.setAttribute(AuditNote.OBJECT, address.toString());
        return link.isFolder() && names.isFolder(link.maker(), address)
                ? folder(link, address, pass, query.text("after").orElse(""))
                : file(link, address);
    }

    @GET
    @Path("{path: .+}")
    @Operation(summary = "Reads what is in the folder that the link leads to (pass, after)")
    @Parameters({"pass", "after"})
    public Response readBelow(@PathParam("token") String token) {
        return read(token);
    }

    /**
     * Opens it by a page that leads on and not by a redirect: browsers hold what follows a form to its page's policy, and a
     * file is at a storage node, another origin.
     */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Takes the password from the form")
    @Parameters({"pass", "after"})
    public Response enter(@PathParam("token") String token, String form) {
        ShareLinks.Opened link = open(token);
        try {
            String pass = pass(
                    link,
                    Query.parse(form)
                            .requireKnown(Set.of("password"))
                            .text("password")
                            .orElse(""));
            String target = uri.getRequestUri().getRawPath() + "?" + PASS + "=" + pass;
            var page = Page.of("It is open", "<p><a href=\"" + Page.escape(target) + "\">Go on</a></p>");
            return Response.fromResponse(page)
                    .header("Refresh", "0; url=" + target)
                    .build();
        } catch (HoldfastException e) {
            if (e.kind() != FailureKind.UNAUTHENTICATED) {
                throw e;
            }
            connection.setAttribute(AuditNote.CODE, e.code());
            // Not 401, at which browsers ask for a name and a password of theirs.
            return Response.fromResponse(form("That is not its password"))
                    .status(Response.Status.FORBIDDEN)
                    .build();
        }
    }

    @POST
    @Path("{path: .+}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Takes the password from the form, in front of what is in the folder")
    @Parameters({"pass", "after"})
    public Response enterBelow(@PathParam("token") String token, String form) {
        return enter(token, form);
    }

    private ShareLinks.Opened open(String token) {
        ShareLinks.Opened link = links.open(token);
        connection.setAttribute(AuditNote.ACTOR, link.reader());
        connection.setAttribute(AuditNote.OBJECT, link.address().toString());
        return link;
    }

    private String pass(ShareLinks.Opened link, String password) {
        return passwords.pass(
                link.id(),
                password,
                link.passwordHash().orElseThrow(LinkPasswords::required),
                EndpointServlet.client(connection));
    }

    /**
     * The address that a request means: what the link leads to, or what is below it.
     *
     * @param rawPath of the request; names below the link are read from here, since parameters would lose what follows a ';'
     * @param token as JAX-RS has read it. Where it was written otherwise (encoded, with parameters), what is left of it must
     *     not be taken for the rest of a name: the link to {@code a} would lead to {@code a58} as well
     * @throws HoldfastException NOT_FOUND {@code link-not-valid}; INVALID for a name that can't be
     */
    static FileAddress address(ShareLinks.Opened link, String rawPath, String token) {
        int end = rawPath.indexOf(PATH) + PATH.length() + token.length();
        String rest = rawPath.substring(Math.min(end, rawPath.length()));
        boolean isItself = rest.isEmpty() || rest.equals("/");
        if (!isItself && (!link.isFolder() || !rest.startsWith("/"))) {
            throw ShareLinks.notValid();
        }
        return isItself ? link.address() : FileAddress.parse(link.address().encoded() + rest);
    }

    private Response file(ShareLinks.Opened link, FileAddress address) {
        // Not with the address in words: whoever has the link is not told what lies around it.
        var file = names.find(link.maker(), address)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no file of this name here."));
        var response = Response.temporaryRedirect(URI.create("/")).header("Cache-Control", "no-store");
        ReadFile.Location location = readFile.locate(link.reader(), file, Optional.empty())
                .noLongerThan(clock.instant().plus(TICKET_LIFE));
        for (ReadAt.Header header : readAt.headers(location)) {
            if (header.name().equals("Location")) {
                response.location(URI.create(header.value()));
            } else {
                response.header(header.name(), header.value());
            }
        }
        traffic.downloaded();
        return response.header("ETag", file.blob().digests().etag()).build();
    }

    private Response folder(ShareLinks.Opened link, FileAddress folder, Optional<String> pass, String after) {
        ListFolder.Page page = listFolder.page(link.maker(), folder, after, 1_000);
        if (isForPeople()) {
            return page(folder, page, pass);
        }
        var entries = JsonText.array();
        page.entries().forEach(entry -> entries.add(row(entry)));
        var json = JsonText.object().add("name", folder.name()).add("entries", entries);
        page.next().ifPresentOrElse(next -> json.add("next", next), () -> json.addNull("next"));
        pass.ifPresent(shown -> json.add(PASS, shown));
        return Response.ok(json.build().toString(), MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .build();
    }

    private Response page(FileAddress folder, ListFolder.Page page, Optional<String> pass) {
        String path = uri.getRequestUri().getRawPath();
        String here = path.endsWith("/") ? path : path + "/";
        String query = pass.map(shown -> "?" + PASS + "=" + shown).orElse("");
        var html = new StringBuilder("<ul>");
        for (ListFolder.Entry entry : page.entries()) {
            html.append("<li><a href=\"")
                    .append(Page.escape(here + FileAddress.encode(entry.name()) + query))
                    .append("\">")
                    .append(ShownName.html(entry.name()))
                    .append("</a> ")
                    .append(entry.file()
                            .map(file -> file.sizeBytes() + " bytes")
                            .orElse("folder"))
                    .append("</li>");
        }
        html.append("</ul>");
        page.next()
                .ifPresent(next -> html.append("<p><a href=\"")
                        .append(Page.escape(
                                here + (query.isEmpty() ? "?" : query + "&") + "after=" + FileAddress.encode(next)))
                        .append("\">More</a></p>"));
        return Page.of(folder.isRoot() ? folder.namespace() : folder.name(), html.toString());
    }

    private static JsonObject row(ListFolder.Entry entry) {
        var json = JsonText.object()
                .add("name", entry.name())
                .add("type", entry.file().isPresent() ? "file" : "folder");
        entry.file().ifPresent(file -> json.add("size", file.sizeBytes()).add("etag", '"' + file.sha256() + '"'));
        return json.build();
    }

    private static Response form(String title) {
        return Page.of(
                title,
                "<form method=\"post\"><label>Password of this link <input type=\"password\" name=\"password\""
                        + " autocomplete=\"off\" maxlength=\"256\" required autofocus></label>"
                        + " <button>Open</button></form>");
    }

    private boolean isForPeople() {
        return Optional.ofNullable(headers.getHeaderString(HttpHeaders.ACCEPT))
                .filter(accept -> accept.contains(MediaType.TEXT_HTML))
                .isPresent();
    }
}
