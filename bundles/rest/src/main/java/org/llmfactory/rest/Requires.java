package org.llmfactory.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.llmfactory.access.Action;

/**
 * The rule of an endpoint: what a caller must be able to do for the request to reach it. Every JAX-RS method of a {@link
 * FactoryApplication} has one. An endpoint with a path parameter {@code project} is about that project, any other about
 * the caller's own. What belongs to somebody is checked once more by the method, which knows whose it is.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {
    Action value();
}
