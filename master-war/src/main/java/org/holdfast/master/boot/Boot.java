package org.holdfast.master.boot;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.holdfast.contract.OneLine;
import org.holdfast.master.access.DeclaredAccess;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.api.ApiApplication;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.RefreshView;
import org.holdfast.master.database.AwaitDatabase;
import org.holdfast.master.database.Contention;
import org.holdfast.master.database.MakeBeans;
import org.holdfast.master.database.MigrateSchema;

/** Starts the master, in order, and stops it. */
@DataSourceDefinition(
        name = "java:app/jdbc/catalog",
        className = "org.holdfast.master.database.CatalogDataSource",
        url = "${MPCONFIG=holdfast.db.url}",
        user = "${MPCONFIG=holdfast.db.user:holdfast}",
        minPoolSize = 8,
        maxPoolSize = 64,
        isolationLevel = java.sql.Connection.TRANSACTION_READ_COMMITTED,
        properties = {"passwordFile=${MPCONFIG=holdfast.db.password-file}", "fish.payara.max-wait-time-in-millis=2000"})
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Boot {
    private static final String ADMINISTRATOR = "admin";
    private static final Logger LOG = Logger.getLogger(Boot.class.getName());

    private final List<Loop> loops = new ArrayList<>();

    @Resource
    ManagedThreadFactory threads;

    @Inject
    BeanManager beans;

    @Inject
    MasterConfig config;

    @Inject
    EditAccounts editAccounts;

    @Inject
    PeopleLoops people;

    @Inject
    Watch watch;

    @Inject
    Leadership leadership;

    @Inject
    RefreshView refreshView;

    @Inject
    Dispatch dispatch;

    @Inject
    Collect collect;

    @Inject
    Control control;

    @Inject
    Sweeper sweeper;

    @Inject
    TlsConfig tls;

    @Inject
    Clock clock;

    @Inject
    Healing healing;

    @Inject
    Checking checking;

    @Inject
    Auditing auditing;

    @Inject
    Telling telling;

    @PostConstruct
    void start() {
        OneLine.install();
        UndecodablePaths.refuse();
        requireDeclaredAccess();
        AwaitDatabase database = new AwaitDatabase();
        database.run(() -> MigrateSchema.run(config.databaseForMigrations()));
        MakeBeans.all(beans);
        // Several masters may boot at once.
        database.run(() -> Contention.retry(
                        () -> editAccounts.makeFirstAdministrator(ADMINISTRATOR, config.administratorPassword()))
                .ifPresent(administrator -> LOG.info(() -> "made the first administrator, " + administrator.name())));
        auditing.start(threads);
        database.run(refreshView::refresh);
        loops.addAll(watch.loops());
        loops.add(dispatch.loop());
        loops.addAll(collect.loops());
        loops.add(control.loop());
        loops.add(sweeper.loop());
        loops.add(new Loop("certificate", Duration.ofDays(1), this::warnOfCertificate));
        loops.add(healing.loop());
        loops.addAll(checking.loops());
        loops.addAll(people.loops());
        loops.addAll(auditing.loops());
        loops.addAll(telling.loops());
        loops.forEach(loop -> threads.newThread(loop).start());
    }

    private void warnOfCertificate() {
        tls.identity().flatMap(own -> own.warning(clock.instant())).ifPresent(LOG::warning);
    }

    @PreDestroy
    void stop() {
        loops.forEach(Loop::stop);
        auditing.end();
        leadership.resign();
    }

    /** Servlets declare theirs as well: {@code DeclaredAccessTest} walks them at build time, the gate at each request. */
    private static void requireDeclaredAccess() {
        for (Class<?> resource : ApiApplication.RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                if (java.util.Arrays.stream(method.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().isAnnotationPresent(jakarta.ws.rs.HttpMethod.class))) {
                    var unused = DeclaredAccess.of(resource, method);
                }
            }
        }
    }
}
