package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.CutConnection;
import org.holdfast.contract.DownloadName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ArchiveFolder;
import org.holdfast.master.catalog.MasterPlaces;

/**
 * {@code GET /api/v1/archives/{namespace}/{path}}: a folder, or the whole namespace, as a zip. Its length is not known
 * before its end; an answer that is cut is not whole.
 */
@Access(Access.Level.SIGNED_IN)
@WebServlet(urlPatterns = ArchivesServlet.PREFIX + "*")
public class ArchivesServlet extends EndpointServlet {
    static final String PREFIX = "/api/v1/archives/";
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger(ArchivesServlet.class.getName());
    private static final int BUFFER_BYTES = 64 * 1024;

    @Inject
    transient MasterPlaces places;

    @Inject
    transient ArchiveFolder archiveFolder;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("GET")) {
            refuseMethod(exchange, "GET");
            return;
        }
        var unused = exchange.query();
        FileAddress folder = FileAddress.parse(exchange.rawPath(PREFIX));
        archiveFolder.require(exchange.caller(), folder);
        var place = places.archives().take(Taker.of(exchange.caller().name()));
        try (place) {
            send(exchange, folder);
        }
    }

    private void send(Exchange exchange, FileAddress folder) throws IOException {
        HttpServletResponse response = exchange.response();
        String name = folder.isRoot() ? folder.namespace() : folder.name();
        response.setBufferSize(BUFFER_BYTES);
        response.setContentType("application/zip");
        response.setHeader("Content-Disposition", DownloadName.disposition(name + ".zip"));
        try {
            archiveFolder.write(exchange.caller(), folder, response.getOutputStream());
        } catch (HoldfastException e) {
            if (!response.isCommitted()) {
                response.reset();
            }
            throw e;
        } catch (IOException e) {
            if (!response.isCommitted()) {
                response.reset();
                throw HoldfastException.of(
                        FailureKind.UNAVAILABLE, "unavailable", "The archive could not be begun.", e);
            }
            LOG.log(Level.FINE, "an archive was not taken to its end", e);
            exchange.request().setAttribute(AuditNote.CODE, "client-gone");
            CutConnection.of(exchange.request());
        }
    }
}
