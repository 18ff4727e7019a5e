package org.holdfast.master.boot;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;

/**
 * What {@code /health} says of this master. It is ready when the database answers; broker and nodes are told beside it,
 * since a master without them still answers and loses nothing.
 */
@ApplicationScoped
public class MasterHealth {
    private static final int ANSWER_WITHIN_SECONDS = 2;

    @Resource(lookup = "java:app/jdbc/catalog")
    DataSource catalog;

    @Inject
    Dispatch dispatch;

    @Inject
    ClusterView cluster;

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.up("master");
    }

    @Produces
    @Readiness
    HealthCheck database() {
        return () ->
                HealthCheckResponse.named("database").status(databaseAnswers()).build();
    }

    @Produces
    @Readiness
    HealthCheck surroundings() {
        return () -> HealthCheckResponse.named("cluster")
                .up()
                .withData("brokerConnected", dispatch.isConnected())
                .withData("nodes", cluster.nodes().size())
                .withData(
                        "nodesRunning",
                        cluster.nodes().stream().filter(NodeView::canRead).count())
                .build();
    }

    private boolean databaseAnswers() {
        try (var connection = catalog.getConnection()) {
            return connection.isValid(ANSWER_WITHIN_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }
}
