package org.holdfast.master.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares who may call an endpoint. One without it fails the boot. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Access {
    Level value();

    /** Who may call. */
    enum Level {
        /** Anybody, without signing in. */
        PUBLIC,
        /** Everybody who can sign in: as {@link #SIGNED_IN}, and by a user's certificate. For opening sessions only. */
        SIGNING_IN,
        /** Everybody who has signed in; the use case decides about the particular file. */
        SIGNED_IN,
        /** Administrators. */
        ADMINISTRATOR,
        /** Members of the cluster, by signed call and, within TLS, by certificate. */
        CLUSTER,
        /** Members, and nodes that show the join token as bearer token; within TLS also by certificate. */
        JOIN
    }
}
