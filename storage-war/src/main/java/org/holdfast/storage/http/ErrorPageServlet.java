package org.holdfast.storage.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.holdfast.contract.CutConnection;
import org.holdfast.contract.Problem;

/** Answers for whatever the container refuses by itself, as a method that its own servlets don't know. */
@Access(Access.Level.PUBLIC)
final class ErrorPageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    /** As web.xml has it. */
    static final String PATH = "/error";

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? code
                : HttpServletResponse.SC_NOT_FOUND;
        try {
            Answers.problem(request, response, Problem.ofContainer(status, UnknownPathServlet.NOTHING_HERE));
        } catch (IOException e) {
            if (CutConnection.isOpen(request)) {
                throw e;
            }
        }
    }
}
