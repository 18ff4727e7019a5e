package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Breaks a connection in the middle of an answer, so that the client sees at once that the rest will not come and goes
 * on at the next holder. The Servlet API has no word for it: Payara keeps the connection open after an exception, and
 * the client would wait for the missing bytes for ever. Reached by name, since Grizzly's classes are the container's.
 */
public final class CutConnection {
    private static final Logger LOG = System.getLogger(CutConnection.class.getName());

    /** From the servlet's request over Catalina's and Grizzly's to the socket (Payara 6.2025.10). */
    private static final List<String> PATH = List.of(
            "getUnwrappedCoyoteRequest", "getCoyoteRequest", "getRequest", "getConnection", "terminateSilently");

    private CutConnection() {}

    /**
     * Breaks the connection that a request came by.
     *
     * @param servletRequest as the container gave it, in no wrapper
     */
    public static void of(Object servletRequest) {
        Object step = servletRequest;
        try {
            for (String name : PATH) {
                step = step.getClass().getMethod(name).invoke(step);
                if (step == null) {
                    return;
                }
            }
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.ERROR, "a connection with half an answer stays open", e);
        }
    }
}
