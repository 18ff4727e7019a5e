package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.weld.environment.se.Weld;
import org.junit.jupiter.api.Test;

class MakeBeansTest {
    private static final AtomicInteger MADE = new AtomicInteger();

    @ApplicationScoped
    public static class Lazy {
        @PostConstruct
        void count() {
            MADE.incrementAndGet();
        }
    }

    @Test
    void nothingIsLeftToBeMadeByTheThreadThatUsesItFirst() {
        try (var container = new Weld("make-beans")
                .disableDiscovery()
                .addBeanClasses(Lazy.class)
                .initialize()) {
            assertThat(MADE).hasValue(0);
            MakeBeans.all(container.getBeanManager());
            assertThat(MADE).hasValue(1);
        }
    }
}
