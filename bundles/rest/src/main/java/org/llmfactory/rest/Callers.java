package org.llmfactory.rest;

import java.security.Principal;
import java.util.Objects;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;

/** The caller as JAX-RS sees him: resources ask for a {@link SecurityContext} and this class who is behind it. */
public final class Callers {
    private Callers() {}

    /**
     * The authenticated caller.
     *
     * @throws FactoryException {@code INVALID_API_KEY} when nobody has been authenticated
     */
    public static Caller of(SecurityContext security) {
        if (security.getUserPrincipal() instanceof CallerPrincipal principal) {
            return principal.caller();
        }
        throw unauthenticated();
    }

    /**
     * The authenticated caller as the ledger knows him.
     *
     * @throws FactoryException {@code INVALID_API_KEY} when nobody has been authenticated
     */
    public static Actor actor(SecurityContext security) {
        return Actor.of(of(security), address(security));
    }

    /** The client's network address; empty when unknown. */
    public static String address(SecurityContext security) {
        return security.getUserPrincipal() instanceof CallerPrincipal principal ? principal.address() : "";
    }

    /** A security context for a caller. */
    public static SecurityContext securityContext(Caller caller, String address, boolean secure) {
        return new CallerSecurity(new CallerPrincipal(caller, address), secure);
    }

    /** What those hear who send no key. */
    public static FactoryException unauthenticated() {
        return new FactoryException(
                ErrorCode.INVALID_API_KEY,
                "You didn't provide an API key. Send it in an Authorization header: 'Authorization: Bearer YOUR_KEY'.");
    }

    private record CallerPrincipal(Caller caller, String address) implements Principal {
        @Override
        public String getName() {
            return caller.id();
        }
    }

    /** Roles are the access policy's business; JAX-RS is told of none. */
    private record CallerSecurity(CallerPrincipal principal, boolean secure) implements SecurityContext {
        CallerSecurity {
            Objects.requireNonNull(principal, "principal");
        }

        @Override
        public Principal getUserPrincipal() {
            return principal;
        }

        @Override
        public boolean isUserInRole(@Nullable String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
