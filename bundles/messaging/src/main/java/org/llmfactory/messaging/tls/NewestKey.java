package org.llmfactory.messaging.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.identity.CertificateProfile;

/**
 * Presents the newest chain. The alias of a chain is its serial number, so that a renewal between the choice of an alias and
 * the look at its key gives no chain that does not fit its key.
 */
final class NewestKey extends X509ExtendedKeyManager {
    private static final int REMEMBERED = 8;
    private static final String EC = "EC";

    private final Supplier<Presented> newest;
    private final Map<String, Presented> chosen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Presented> eldest) {
            return size() > REMEMBERED;
        }
    };

    NewestKey(Supplier<Presented> newest) {
        this.newest = newest;
    }

    private synchronized String choose() {
        Presented presented = newest.get();
        String alias = CertificateProfile.serial(presented.chain().get(0));
        chosen.put(alias, presented);
        return alias;
    }

    private synchronized @Nullable Presented presented(String alias) {
        return chosen.get(alias);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Presented presented = presented(alias);
        return presented == null ? null : presented.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Presented presented = presented(alias);
        return presented == null ? null : presented.key();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return java.util.Arrays.asList(types).contains(EC) ? choose() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return type.equals(EC) ? choose() : null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(types, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(type, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return getServerAliases(type, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return type.equals(EC) ? new String[] {choose()} : null;
    }
}
