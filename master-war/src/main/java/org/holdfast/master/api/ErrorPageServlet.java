package org.holdfast.master.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import org.holdfast.contract.Problem;
import org.holdfast.master.access.Access;

/** Answers for whatever the container refuses by itself: unknown paths, malformed requests. No word of the inside. */
@Access(Access.Level.PUBLIC)
@WebServlet(urlPatterns = "/error")
public class ErrorPageServlet extends EndpointServlet {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        int status = exchange.request().getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? code
                : NOT_FOUND;
        String nothingHere = "There is nothing at this address; the API is below /api/v1 and described at /openapi.";
        write(exchange.response(), Problem.ofContainer(status, nothingHere));
    }
}
