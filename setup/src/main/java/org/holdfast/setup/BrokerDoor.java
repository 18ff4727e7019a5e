package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.api.core.ActiveMQInternalErrorException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.remoting.server.RemotingService;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.RolePrincipal;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.apache.activemq.artemis.utils.SecurityManagerUtil;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.contract.TaskQueues;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what at the broker. All know one password; within TLS the certificate decides besides: a master may do
 * everything, a worker take tasks and report, anybody else nothing. Masters tell each second which members were removed;
 * those are cut off and not let in again, unless with a later certificate.
 */
final class BrokerDoor implements ActiveMQSecurityManager5 {
    /** The roles that {@code broker.xml} speaks of. */
    private static final String EVERYTHING = "amq";

    private static final String TASKS_ALONE = "worker";
    private static final Logger LOG = Logger.getLogger(BrokerDoor.class.getName());

    private final String password;
    private final boolean isSecure;
    private volatile RemovedMembers removed = RemovedMembers.NONE;

    /** @param isSecure whether clients have certificates */
    BrokerDoor(String password, boolean isSecure) {
        this.password = password;
        this.isSecure = isSecure;
    }

    /** Hears from now on what masters tell. */
    void listen(ActiveMQServer server) {
        server.registerBrokerPlugin(new Ear(server.getRemotingService()));
    }

    @Override
    public @Nullable Subject authenticate(
            @Nullable String user, @Nullable String told, RemotingConnection connection, @Nullable String domain) {
        boolean knowsPassword = Broker.USER.equals(user)
                && told != null
                && MessageDigest.isEqual(told.getBytes(UTF_8), password.getBytes(UTF_8));
        return knowsPassword ? role(connection).map(BrokerDoor::subject).orElse(null) : null;
    }

    private static Subject subject(String role) {
        var subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(Broker.USER));
        subject.getPrincipals().add(new RolePrincipal(role));
        return subject;
    }

    private Optional<String> role(RemotingConnection connection) {
        if (!isSecure) {
            return Optional.of(EVERYTHING);
        }
        Optional<CertifiedName> shown = certificate(connection);
        if (isRemoved(shown)) {
            return Optional.empty();
        }
        return shown.flatMap(holder -> switch (holder.role()) {
            case MASTER -> Optional.of(EVERYTHING);
            case WORKER -> Optional.of(TASKS_ALONE);
            case NODE, BROKER, DATABASE, USER -> Optional.empty();
        });
    }

    private boolean isRemoved(Optional<CertifiedName> shown) {
        try {
            removed.refuse(shown);
            return false;
        } catch (HoldfastException e) {
            LOG.log(Level.FINE, "refused", e);
            return true;
        }
    }

    private static Optional<CertifiedName> certificate(RemotingConnection connection) {
        X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
        return chain == null || chain.length == 0 ? Optional.empty() : CertifiedName.of(chain[0]);
    }

    @Override
    public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
        return SecurityManagerUtil.authorize(subject, roles, check, RolePrincipal.class);
    }

    @Override
    public String getUserFromSubject(Subject subject) {
        return SecurityManagerUtil.getUserFromSubject(subject, UserPrincipal.class);
    }

    /** Asked of older kinds of managers only. */
    @Override
    public boolean validateUser(String user, String told) {
        return false;
    }

    /** Asked of older kinds of managers only. */
    @Override
    public boolean validateUserAndRole(String user, String told, Set<Role> roles, CheckType check) {
        return false;
    }

    private final class Ear implements ActiveMQServerPlugin {
        private final RemotingService remoting;

        Ear(RemotingService remoting) {
            this.remoting = remoting;
        }

        /** After the check whether the sender may: {@code broker.xml} lets masters alone send there. */
        @Override
        public void afterSend(
                ServerSession session,
                Transaction transaction,
                Message message,
                boolean direct,
                boolean noAutoCreateQueue,
                RoutingStatus result) {
            if (TaskQueues.MEMBERS.equals(message.getAddress())) {
                hear(String.valueOf(message.toCore().getReadOnlyBodyBuffer().readNullableSimpleString()), remoting);
            }
        }
    }

    private void hear(String text, RemotingService remoting) {
        try (var reader = JsonText.reader(text)) {
            RemovedMembers told = RemovedMembers.fromJson(reader.readObject());
            if (!told.equals(removed)) {
                removed = told;
                cut(remoting);
            }
        } catch (JsonException | ClassCastException e) {
            LOG.log(Level.WARNING, "what a master told of removed members can't be understood", e);
        }
    }

    private void cut(RemotingService service) {
        for (RemotingConnection connection : service.getConnections()) {
            Optional<CertifiedName> shown = certificate(connection);
            if (isRemoved(shown)) {
                LOG.info(() -> shown.map(CertifiedName::toString).orElse("") + " was removed and is cut off");
                var unused = connection.asyncFail(new ActiveMQInternalErrorException("this member was removed"));
            }
        }
    }
}
