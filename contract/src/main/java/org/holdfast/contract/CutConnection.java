package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.NoSuchElementException;

/**
 * Breaks a connection in the middle of an answer, so that the client sees at once that the rest will not come and goes
 * on at the next holder. The Servlet API has no word for it: Payara keeps the connection open after an exception, and
 * the client would wait for the missing bytes for ever.
 */
public final class CutConnection {
    private static final Logger LOG = System.getLogger(CutConnection.class.getName());
    private static final Class<?>[] NOTHING = {};

    private CutConnection() {}

    /**
     * Breaks the connection that a request came by.
     *
     * @param servletRequest as the container gave it or in wrappers
     */
    public static void of(Object servletRequest) {
        try {
            Object unused = Grizzly.run(Grizzly.connection(servletRequest), "terminateSilently", NOTHING);
        } catch (NoSuchElementException e) {
            LOG.log(Level.DEBUG, "the connection is gone already", e);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.ERROR, "a connection with half an answer stays open", e);
        }
    }

    /** Whether the connection that a request came by is open, so that an answer can still go out. */
    public static boolean isOpen(Object servletRequest) {
        try {
            return Grizzly.call(Grizzly.connection(servletRequest), "isOpen").equals(true);
        } catch (NoSuchElementException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a connection can't be asked whether it is open", e);
        }
    }
}
