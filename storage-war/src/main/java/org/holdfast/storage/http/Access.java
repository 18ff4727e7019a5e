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
        /** Masters: the call is signed with this node's key and, within TLS, they show a master's certificate. */
        MASTER,
        /** Masters as above, or whoever shows a valid ticket; the servlet decides what a ticket is good for. */
        MASTER_OR_TICKET,
        /** The node asks a master, which decides by the caller's own Authorization header. */
        MASTER_DECIDES
    }
}
