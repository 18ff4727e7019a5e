package org.holdfast.master.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.holdfast.contract.PromptBody;
import org.jspecify.annotations.Nullable;

/** A request whose body has to come soon, whoever reads it, but for an upload's. */
final class PromptRequest extends HttpServletRequestWrapper {
    private final Duration deadline;
    private @Nullable ServletInputStream in;

    /** Around the container's request. */
    PromptRequest(HttpServletRequest request, Duration deadline) {
        super(request);
        this.deadline = deadline;
    }

    /** The body of an upload, which may take its time. */
    static InputStream upload(HttpServletRequest request) throws IOException {
        return request instanceof PromptRequest prompt
                ? prompt.getRequest().getInputStream()
                : request.getInputStream();
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream prompt = in;
        if (prompt == null) {
            ServletInputStream line = super.getInputStream();
            boolean isAnnounced = getContentLengthLong() > 0 || getHeader("Transfer-Encoding") != null;
            prompt = new Prompt(line, PromptBody.of(line, deadline, getRequest()), isAnnounced);
            in = prompt;
        }
        return prompt;
    }

    private static final class Prompt extends ServletInputStream {
        private final ServletInputStream line;
        private final PromptBody body;
        private boolean isToCome;

        Prompt(ServletInputStream line, PromptBody body, boolean isAnnounced) {
            this.line = line;
            this.body = body;
            this.isToCome = isAnnounced;
        }

        @Override
        public int read() throws IOException {
            isToCome = false;
            return body.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            isToCome = false;
            return body.read(buffer, offset, length);
        }

        /**
         * Something, where a body was announced and nobody has read of it: JAX-RS asks here whether a form is empty, and
         * would read otherwise, before anybody has looked who sends it.
         */
        @Override
        public int available() throws IOException {
            return isToCome ? Math.max(1, line.available()) : line.available();
        }

        @Override
        public boolean isFinished() {
            return line.isFinished();
        }

        @Override
        public boolean isReady() {
            return line.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            line.setReadListener(listener);
        }
    }
}
