package org.holdfast.master.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.lang.reflect.Field;

/**
 * Makes all beans that live as long as the master, on the thread that boots it, and lets each find its persistence unit
 * there. A thread of our own may have no component behind it in Payara's eyes: a bean that is made on it gets no
 * EntityManager (payara/Payara#4815), and an EntityManager that is first used on it finds no persistence unit, ever after.
 */
public final class MakeBeans {
    private static final String OURS = "org.holdfast.";

    private MakeBeans() {}

    /** Made once, right after the schema is there; harmless when repeated. */
    public static void all(BeanManager beans) {
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            if (bean.getScope() == ApplicationScoped.class
                    && bean.getBeanClass().getName().startsWith(OURS)) {
                findPersistenceUnit(made(beans, bean));
            }
        }
    }

    private static Object made(BeanManager beans, Bean<?> bean) {
        // The reference is a proxy; asked anything, it makes the bean.
        var unused = beans.getReference(bean, Object.class, beans.createCreationalContext(bean))
                .toString();
        return beans.getContext(ApplicationScoped.class).get(bean);
    }

    private static void findPersistenceUnit(Object bean) {
        for (Class<?> type = bean.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.isAnnotationPresent(PersistenceContext.class)) {
                    var unused = entities(bean, field).getEntityManagerFactory();
                }
            }
        }
    }

    private static EntityManager entities(Object bean, Field field) {
        try {
            field.setAccessible(true);
            return (EntityManager) field.get(bean);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " of one of our own beans can't be read", e);
        }
    }
}
