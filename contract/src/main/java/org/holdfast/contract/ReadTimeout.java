package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** How long the container waits for the next bytes of a request's body: a minute, unless it is told otherwise. */
final class ReadTimeout implements PromptBody.Line {
    private static final Logger LOG = System.getLogger(ReadTimeout.class.getName());
    private static final Class<?>[] UNIT = {TimeUnit.class};
    private static final Class<?>[] TIME = {long.class, TimeUnit.class};

    private final Object servletRequest;
    private long beforeMillis = -1;

    /** Of a request, as the container gave it or in wrappers. */
    ReadTimeout(Object servletRequest) {
        this.servletRequest = servletRequest;
    }

    @Override
    public void waitAtMost(Duration time) {
        set(time.toMillis() + 1);
    }

    @Override
    public void waitAsBefore() {
        set(beforeMillis);
    }

    private void set(long millis) {
        try {
            Object connection = Grizzly.connection(servletRequest);
            if (beforeMillis < 0
                    && Grizzly.run(connection, "getReadTimeout", UNIT, TimeUnit.MILLISECONDS) instanceof Long before) {
                beforeMillis = before;
            }
            Object unused = Grizzly.run(connection, "setReadTimeout", TIME, millis, TimeUnit.MILLISECONDS);
        } catch (NoSuchElementException e) {
            LOG.log(Level.DEBUG, "the connection is gone already", e);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.ERROR, "a body that trickles is waited for", e);
        }
    }

    @Override
    public void end() {
        CutConnection.of(servletRequest);
    }
}
