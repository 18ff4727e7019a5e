package org.holdfast.storage.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares who may call a servlet. {@link NodeServlet} enforces it before any code of the servlet runs. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Access {
    /** The level. */
    Level value();

    /** Who may call. */
    enum Level {
        /** Anybody; nothing is revealed. */
        PUBLIC,
        /** Whoever shows a valid ticket in the parameter {@code ticket}. */
        TICKET,
        /** Members of the cluster: the call is signed with a cluster key and, within TLS, they show a certificate. */
        MEMBER,
        /** The node asks a master, which decides by the caller's own Authorization header. */
        MASTER_DECIDES
    }
}
