package org.llmfactory.gateway.http;

import java.util.Objects;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Callers;

/**
 * Who sent a request.
 *
 * @param caller who it is
 * @param address his network address; empty when unknown
 */
public record Client(Caller caller, String address) {
    public Client {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(address, "address");
    }

    /**
     * The client behind a request.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_API_KEY} when nobody has been authenticated
     */
    public static Client of(SecurityContext security) {
        return new Client(Callers.of(security), Callers.address(security));
    }
}
