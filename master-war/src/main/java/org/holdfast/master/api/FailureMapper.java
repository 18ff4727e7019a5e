package org.holdfast.master.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;

/** JAX-RS's way from failures to problem+json. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {
    @Context
    HttpServletRequest connection;

    @Override
    public Response toResponse(Throwable failure) {
        Problem problem;
        if (failure instanceof HoldfastException expected) {
            problem = Problem.of(expected);
            if (problem.status() >= 500) {
                Unforeseen.log("the API", expected);
            }
        } else if (failure instanceof WebApplicationException web) {
            problem = of(web.getResponse());
        } else {
            problem = Unforeseen.problem("the API", failure);
        }
        connection.setAttribute(AuditNote.CODE, problem.code());
        var response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem.toJson());
        if (problem.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            response.header("WWW-Authenticate", Gate.CHALLENGE);
        }
        if (failure instanceof WebApplicationException web) {
            Optional.ofNullable(web.getResponse().getHeaderString("Allow"))
                    .ifPresent(methods -> response.header("Allow", methods));
        }
        problem.retryAfterSeconds().ifPresent(wait -> response.header("Retry-After", wait));
        if (problem.status() == Response.Status.REQUEST_TIMEOUT.getStatusCode()) {
            response.header("Connection", "close");
        }
        return response.build();
    }

    /** What JAX-RS itself refuses: unknown paths, methods and media types. */
    private static Problem of(Response response) {
        String phrase = response.getStatusInfo().getReasonPhrase();
        return new Problem(
                response.getStatus(),
                phrase,
                "The API does not answer this: " + phrase.toLowerCase(Locale.ROOT) + ".",
                phrase.toLowerCase(Locale.ROOT).replace(' ', '-'),
                Optional.empty());
    }
}
