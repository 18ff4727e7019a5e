package org.holdfast.master.api;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.SteadyAnswer;
import org.jspecify.annotations.Nullable;

/** An answer that goes out piece by piece, to a reader who keeps a rate, so that little of it waits in memory. */
final class PacedAnswer extends HttpServletResponseWrapper {
    private final LeastRate rate;
    private @Nullable ServletOutputStream out;

    /** Around the container's response. */
    PacedAnswer(HttpServletResponse response, LeastRate rate) {
        super(response);
        this.rate = rate;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream paced = out;
        if (paced == null) {
            paced = new Paced(super.getOutputStream(), rate);
            out = paced;
        }
        return paced;
    }

    private static final class Paced extends ServletOutputStream {
        private final ServletOutputStream line;
        private final SteadyAnswer body;

        Paced(ServletOutputStream line, LeastRate rate) {
            this.line = line;
            this.body = new SteadyAnswer(line, rate, System::nanoTime);
        }

        @Override
        public void write(int octet) throws IOException {
            body.write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            body.write(octets, offset, length);
        }

        @Override
        public void flush() throws IOException {
            line.flush();
        }

        @Override
        public void close() throws IOException {
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
