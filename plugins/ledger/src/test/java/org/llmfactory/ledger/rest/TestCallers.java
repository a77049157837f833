package org.llmfactory.ledger.rest;

import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.MultivaluedHashMap;
import javax.ws.rs.core.MultivaluedMap;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/** Callers and query strings for tests. */
final class TestCallers {
    private TestCallers() {}

    /** A person of some projects. */
    static Caller user(String id, Map<String, ProjectRole> projects) {
        return new Caller(
                Caller.Kind.USER,
                id,
                projects.keySet().stream().sorted().findFirst().orElse(Caller.DEFAULT_PROJECT),
                OrganizationRole.READER,
                projects,
                Optional.empty(),
                KeyScope.UNRESTRICTED);
    }

    /** A query string: names and values in turn. */
    static MultivaluedMap<String, String> query(String... namesAndValues) {
        MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return query;
    }
}
