package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;

/**
 * Makes all beans that live as long as the master, on the thread that boots it. A bean that is first used by a thread of
 * our own gets no EntityManager from Payara, and keeps none: payara/Payara#4815.
 */
final class MakeBeans {
    private static final String OURS = "org.holdfast.";

    private MakeBeans() {}

    static void all(BeanManager beans) {
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            if (bean.getScope() == ApplicationScoped.class
                    && bean.getBeanClass().getName().startsWith(OURS)) {
                Object reference = beans.getReference(bean, Object.class, beans.createCreationalContext(bean));
                // The reference is a proxy; asked anything, it makes the bean.
                var unused = reference.toString();
            }
        }
    }
}
