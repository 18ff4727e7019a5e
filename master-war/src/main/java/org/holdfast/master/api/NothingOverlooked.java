package org.holdfast.master.api;

import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Query;

/**
 * Refuses requests that JAX-RS would answer without a look at a part of them: a parameter that nobody knows, a condition that
 * nobody judges, what stands behind a {@code ;}. Comes behind the gate, so that strangers hear of nothing.
 */
@Provider
@Priority(Priorities.USER + 1)
public class NothingOverlooked implements ContainerRequestFilter {
    private static final Set<String> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Path parameters that are read by {@link RawPath} or {@link SharedResource}, with every character. */
    private static final Set<String> READ_WHOLE = Set.of("address", "path");

    @Context
    ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        UriInfo uri = request.getUriInfo();
        Method method = resource.getResourceMethod();
        requireWholePath(uri.getRequestUri().getRawPath(), uri.getPathParameters());
        Parameters known = method.getAnnotation(Parameters.class);
        Query.parse(uri.getRequestUri().getRawQuery()).requireKnown(known == null ? Set.of() : Set.of(known.value()));
        if (!SAFE.contains(request.getMethod()) && !method.isAnnotationPresent(LooksAtConditions.class)) {
            requireNone(conditions(request));
        }
    }

    static Conditions conditions(ContainerRequestContext request) {
        return Conditions.of(name -> request.getHeaders().getOrDefault(name, List.of()));
    }

    /** JAX-RS takes {@code users/anna;x} for {@code users/anna}. */
    static void requireWholePath(String rawPath, MultivaluedMap<String, String> parameters) {
        if (rawPath.indexOf(';') >= 0 && parameters.keySet().stream().noneMatch(READ_WHOLE::contains)) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-name", "There is no ';' in the path of this.");
        }
    }

    /** What has no entity tag can't be changed under a condition on it; If-Unmodified-Since does not count there (13.1.4). */
    private static void requireNone(Conditions conditions) {
        if (conditions.ifMatch() != null || conditions.ifNoneMatch() != null) {
            throw HoldfastException.of(
                    FailureKind.PRECONDITION,
                    "precondition-failed",
                    "If-Match and If-None-Match are for files and folders; this has no entity tag, and was not changed.");
        }
    }
}
