package org.holdfast.storage.http;

import jakarta.inject.Inject;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.WebListener;
import java.util.Objects;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.storage.audit.NodeAudit;
import org.holdfast.storage.catchup.FollowChanges;
import org.holdfast.storage.cluster.ClusterNews;
import org.holdfast.storage.cluster.CommitUpload;
import org.holdfast.storage.cluster.ForwardUploads;
import org.holdfast.storage.cluster.HoldLocks;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.SelfReport;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.ReceiveBlob;

/** Makes the servlets, registers them, and refuses to serve when one of them declares no access level. */
@WebListener
public class HttpWiring implements ServletContextListener {
    @Inject
    Membership membership;

    @Inject
    BlobStore store;

    @Inject
    ReceiveBlob receive;

    @Inject
    ForwardUploads forward;

    @Inject
    CommitUpload commit;

    @Inject
    HoldLocks locks;

    @Inject
    Undecided undecided;

    @Inject
    Transfers transfers;

    @Inject
    ConnectionConfig connections;

    @Inject
    FollowChanges changes;

    @Inject
    ClusterNews news;

    @Inject
    SelfReport report;

    @Inject
    NodeAudit audit;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        context.addFilter("SecurityHeaders", new SecurityHeaders()).addMappingForUrlPatterns(null, false, "/*");
        context.addFilter("ConnectionRules", new ConnectionRules(transfers.patience(), connections))
                .addMappingForUrlPatterns(null, false, "/*");
        context.addFilter("Audit", new AuditFilter(audit)).addMappingForUrlPatterns(null, false, "/*");
        // Payara has an OpenAPI document for every application, an empty one for this.
        context.addFilter(
                        "NoOpenApi",
                        (request, response, rest) ->
                                context.getRequestDispatcher("/").forward(request, response))
                .addMappingForUrlPatterns(null, true, "/openapi");
        var upload = new Upload(store, receive, forward, commit, locks, transfers);
        var download = new Download(store, transfers);
        var masters = new AskMaster(membership);
        serve(context, BlobServlet.PREFIX + "*", new BlobServlet(membership, upload, download));
        serve(context, FilesServlet.PREFIX + "*", new FilesServlet(membership, masters, upload, download));
        serve(context, JoinPassServlet.PATH, new JoinPassServlet(membership, masters));
        serve(context, PingServlet.PATH, new PingServlet(membership, news, report, changes));
        serve(context, PeersServlet.PATH, new PeersServlet(membership, news));
        serve(context, UpkeepServlet.PREFIX + "*", new UpkeepServlet(membership, store, undecided));
        serve(context, ChallengeServlet.PATH, new ChallengeServlet(membership, store));
        serve(context, InventoryServlet.PATH, new InventoryServlet(membership, store));
        serve(context, CatchUpServlet.PATH, new CatchUpServlet(membership, changes));
        serve(context, ErrorPageServlet.PATH, new ErrorPageServlet());
        serve(context, "/", new UnknownPathServlet(membership));
        DeclaredAccess.require(
                context.getServletRegistrations().values().stream()
                        .map(ServletRegistration::getClassName)
                        .filter(Objects::nonNull)
                        .toList(),
                context.getClassLoader());
    }

    private static void serve(ServletContext context, String pattern, Servlet servlet) {
        var registration = context.addServlet(servlet.getClass().getSimpleName(), servlet);
        var taken = registration.addMapping(pattern);
        if (!taken.isEmpty()) {
            throw new IllegalStateException("another servlet already answers to " + taken);
        }
    }
}
