package org.holdfast.master.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A resource's method that changes something and looks at the request's conditions (RFC 9110, section 13). */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface LooksAtConditions {}
