package org.llmfactory.rest;

import java.security.Principal;
import java.util.Objects;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;

/** The caller as JAX-RS sees him: resources ask for a {@link SecurityContext} and this class who is behind it. */
public final class Callers {
    /** The role of those who may change the platform itself, for {@link SecurityContext#isUserInRole}. */
    public static final String ADMINISTRATOR = "administrator";

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
     * The caller, who must be an administrator.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} when he is not
     */
    public static Caller requireAdministrator(SecurityContext security) {
        Caller caller = of(security);
        if (!caller.administrator()) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "This needs an administrator's API key; yours is not one.");
        }
        return caller;
    }

    /** A security context for a caller. */
    public static SecurityContext securityContext(Caller caller, boolean secure) {
        return new CallerSecurity(new CallerPrincipal(caller), secure);
    }

    /** What those hear who send no key. */
    public static FactoryException unauthenticated() {
        return new FactoryException(
                ErrorCode.INVALID_API_KEY,
                "You didn't provide an API key. Send it in an Authorization header: 'Authorization: Bearer YOUR_KEY'.");
    }

    private record CallerPrincipal(Caller caller) implements Principal {
        @Override
        public String getName() {
            return caller.id();
        }
    }

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
            return ADMINISTRATOR.equals(role) && principal.caller().administrator();
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
