package org.holdfast.systemtests;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test class the one cluster of this run: booted for the first, closed after the last. */
final class SharedCluster implements ParameterResolver {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedCluster.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public TestCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // What the root store holds lives for the whole run; JUnit closes it in the end, whatever became of the tests.
        return context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(TestCluster.class, key -> TestCluster.boot("cluster"), TestCluster.class);
    }
}
