package org.holdfast.master.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;

/** The REST API's resources, listed by hand, so that the boot can check each one's access level. */
@ApplicationPath("/api/v1")
@OpenAPIDefinition(
        info = @Info(title = "Holdfast", version = "1", description = "A self-hosted, replicated file store"))
public class ApiApplication extends Application {
    /** Every class that answers requests through JAX-RS. */
    public static final Set<Class<?>> RESOURCES = Set.of(
            SessionResource.class,
            UsersResource.class,
            UserAuditResource.class,
            EmailResource.class,
            AuditResource.class,
            AccessResource.class,
            LocksResource.class,
            LinksResource.class,
            SharedResource.class,
            PasswordLinksResource.class,
            FoldersResource.class,
            SearchResource.class,
            ReplicasResource.class,
            VersionsResource.class,
            NodesResource.class,
            NodeChecksResource.class,
            ScrubsResource.class,
            EventsResource.class,
            AlarmsResource.class,
            TasksResource.class,
            NamespacesResource.class,
            ClusterResource.class,
            RebalanceResource.class,
            WorkersResource.class,
            SafeToRemoveResource.class);

    private static final Set<Class<?>> PROVIDERS =
            Set.of(AccessFilter.class, NothingOverlooked.class, FailureMapper.class, ListingWriter.class);

    @Override
    public Set<Class<?>> getClasses() {
        var all = new java.util.HashSet<Class<?>>(RESOURCES);
        all.addAll(PROVIDERS);
        return all;
    }
}
