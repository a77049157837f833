package org.llmfactory.messaging.tls;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.identity.Trust;

/**
 * The TLS of the network, whatever whoever makes sockets and engines of it forgets to set: version 1.3 only, and servers ask
 * for a certificate. Sessions are not resumed, since a resumed one asks nobody about revocation.
 */
public final class MutualTls extends SSLContext {
    static final String[] VERSIONS = {"TLSv1.3"};

    /** Over a week: Java then gives no session tickets away, so that there is nothing to resume. */
    private static final int NO_TICKETS_SECONDS = 604_801;

    private MutualTls(Strict contexts) {
        super(contexts, contexts.first.getProvider(), contexts.first.getProtocol());
    }

    public static SSLContext of(Supplier<Presented> newest, Trust trust) {
        KeyManager[] keys = {new NewestKey(newest)};
        TrustManager[] trusts = {new NetworkTrust(trust)};
        SecureRandom random = new SecureRandom();
        return new MutualTls(new Strict(() -> context(keys, trusts, random)));
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trusts, SecureRandom random) {
        try {
            SSLContext context = SSLContext.getInstance(VERSIONS[0]);
            context.init(keys, trusts, random);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS 1.3", e);
        }
    }

    /** Makes each thing of a context of its own, so that no two of them share a session. */
    private static final class Strict extends SSLContextSpi {
        private final Supplier<SSLContext> contexts;
        private final SSLContext first;

        Strict(Supplier<SSLContext> contexts) {
            this.contexts = contexts;
            this.first = contexts.get();
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trusts, @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("It has its keys already");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new StrictSocketFactory(() -> contexts.get().getSocketFactory());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new StrictServerSocketFactory(contexts.get().getServerSocketFactory());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return strict(contexts.get().createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return strict(contexts.get().createSSLEngine(host, port));
        }

        private static SSLEngine strict(SSLEngine engine) {
            engine.setEnabledProtocols(VERSIONS);
            engine.setNeedClientAuth(true);
            return engine;
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return first.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return first.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            SSLParameters parameters = first.getDefaultSSLParameters();
            parameters.setProtocols(VERSIONS);
            parameters.setNeedClientAuth(true);
            return parameters;
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            SSLParameters parameters = first.getSupportedSSLParameters();
            parameters.setProtocols(VERSIONS);
            return parameters;
        }
    }
}
