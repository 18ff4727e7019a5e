package org.holdfast.master.api;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** An answer of which nothing goes out before something has been done that needs its status. */
final class HeldAnswer extends HttpServletResponseWrapper {
    private final IntConsumer before;
    private @Nullable ServletOutputStream out;
    private boolean settled;

    /**
     * Around the container's response.
     *
     * @param before done once, with the status, before the first byte goes out
     */
    HeldAnswer(HttpServletResponse response, IntConsumer before) {
        super(response);
        this.before = before;
    }

    /** Does it now, unless it has been done. */
    void settle(int status) {
        if (!settled) {
            settled = true;
            before.accept(status);
        }
    }

    private void settle() {
        settle(getStatus());
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream held = out;
        if (held == null) {
            held = new Held(super.getOutputStream());
            out = held;
        }
        return held;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        settle();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        settle();
        super.flushBuffer();
    }

    private final class Held extends ServletOutputStream {
        private final ServletOutputStream line;

        Held(ServletOutputStream line) {
            this.line = line;
        }

        @Override
        public void write(int octet) throws IOException {
            settle();
            line.write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            settle();
            line.write(octets, offset, length);
        }

        @Override
        public void flush() throws IOException {
            settle();
            line.flush();
        }

        @Override
        public void close() throws IOException {
            settle();
            line.close();
        }

        @Override
        public boolean isReady() {
            return line.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            line.setWriteListener(listener);
        }
    }
}
