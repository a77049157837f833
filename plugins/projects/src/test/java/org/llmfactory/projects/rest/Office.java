package org.llmfactory.projects.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.service.KnownModels;
import org.llmfactory.projects.service.Platform;
import org.llmfactory.projects.service.StoredDirectory;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;

/** A platform, its administration and callers of every sort. */
public final class Office implements AutoCloseable {
    public static final String PROJECT = "proj_default";

    /** The holder of the key file. */
    public static final SecurityContext PLATFORM = as(Caller.platform());

    public final Platform platform = new Platform();
    public final KnownModels models = new KnownModels();
    public final Administration administration =
            new Administration(platform.tables, platform.changes, models, platform.keys, platform.ledger);
    public final StoredDirectory directory = new StoredDirectory(platform.tables, platform.changes);

    /** A request of a caller's. */
    public static SecurityContext as(Caller caller) {
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    /** A person in the default project, signed in at the browser. */
    public SecurityContext member(String name, ProjectRole role) {
        String id = platform.user(name + "@example.org", OrganizationRole.READER);
        platform.join(id, PROJECT, role);
        return session(id);
    }

    /** A person at the browser, with the roles he has at the moment. */
    public SecurityContext session(String user) {
        return as(new Caller(
                Caller.Kind.USER,
                user,
                PROJECT,
                directory.user(user).orElseThrow().role(),
                directory.memberships(user),
                Optional.empty(),
                KeyScope.UNRESTRICTED));
    }

    /** Somebody with a key of his own in the default project. */
    public static SecurityContext holder(String id, ProjectRole role, Optional<String> key, KeyScope scope) {
        return as(
                new Caller(Caller.Kind.USER, id, PROJECT, OrganizationRole.READER, Map.of(PROJECT, role), key, scope));
    }

    /** A scope that opens some areas, models and adapters. */
    public static KeyScope scope(List<Area> areas, List<String> models) {
        KeyScope open = KeyScope.of(EnumSet.copyOf(areas));
        return new KeyScope(
                open.areas(),
                Optional.of(java.util.Set.copyOf(models)),
                open.adapters(),
                open.addresses(),
                open.origins(),
                open.requestsPerMinute(),
                open.tokensPerMinute());
    }

    public static String id(SecurityContext security) {
        return Callers.of(security).id();
    }

    /** A request body, with ' for ". */
    public static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException(text, failure);
        }
    }

    public static void refused(ErrorCode code, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code())
                                .as(failure.getMessage())
                                .isEqualTo(code));
    }

    public static void refused(ErrorCode code, String parameter, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOfSatisfying(FactoryException.class, failure -> {
            assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure.parameter()).contains(parameter);
        });
    }

    @Override
    public void close() {
        platform.close();
    }
}
