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
 * for a certificate. Sessions are not resumed for longer than a second, since a resumed one asks nobody about revocation.
 */
public final class MutualTls extends SSLContext {
    static final String[] VERSIONS = {"TLSv1.3"};
    private static final int SESSION_SECONDS = 1;

    private MutualTls(SSLContext context) {
        super(new Strict(context), context.getProvider(), context.getProtocol());
    }

    public static SSLContext of(Supplier<Presented> newest, Trust trust) {
        try {
            SSLContext context = SSLContext.getInstance(VERSIONS[0]);
            context.init(
                    new KeyManager[] {new NewestKey(newest)},
                    new TrustManager[] {new NetworkTrust(trust)},
                    new SecureRandom());
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new MutualTls(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS 1.3", e);
        }
    }

    private static final class Strict extends SSLContextSpi {
        private final SSLContext context;

        Strict(SSLContext context) {
            this.context = context;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trusts, @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("It has its keys already");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new StrictSocketFactory(context.getSocketFactory());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new StrictServerSocketFactory(context.getServerSocketFactory());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return strict(context.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return strict(context.createSSLEngine(host, port));
        }

        private static SSLEngine strict(SSLEngine engine) {
            engine.setEnabledProtocols(VERSIONS);
            engine.setNeedClientAuth(true);
            return engine;
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            SSLParameters parameters = context.getDefaultSSLParameters();
            parameters.setProtocols(VERSIONS);
            parameters.setNeedClientAuth(true);
            return parameters;
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            SSLParameters parameters = context.getSupportedSSLParameters();
            parameters.setProtocols(VERSIONS);
            return parameters;
        }
    }
}
