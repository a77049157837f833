package org.llmfactory.broker;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * The configuration, checked.
 *
 * @param host see {@link Config#host}
 * @param port see {@link Config#port}
 * @param advertised see {@link Config#advertisedHost}, never empty
 * @param memoryLimitMiB see {@link Config#memoryLimitMiB}
 * @param storeLimitMiB see {@link Config#storeLimitMiB}
 * @param maximumConnections see {@link Config#maximumConnections}
 */
record Settings(
        String host, int port, String advertised, int memoryLimitMiB, int storeLimitMiB, int maximumConnections) {
    private static final String EVERY_INTERFACE = "0.0.0.0";

    /** TLS 1.3 with certificates of both sides; silent and stuck peers are dropped, frames have a bound. */
    private static final String OPTIONS = "?needClientAuth=true&transport.enabledProtocols=TLSv1.3"
            + "&transport.connectAttemptTimeout=10000&transport.soWriteTimeout=15000"
            + "&wireFormat.maxInactivityDuration=10000&wireFormat.maxInactivityDurationInitalDelay=10000"
            + "&wireFormat.tcpNoDelayEnabled=true&wireFormat.tightEncodingEnabled=false"
            + "&wireFormat.stackTraceEnabled=false&wireFormat.maxFrameSize=262144";

    static Settings of(Config config) {
        require(config.port() >= 0 && config.port() <= 65_535, "port", "0 to 65535");
        require(!config.host().isBlank(), "host", "the name or address of an interface");
        require(config.memoryLimitMiB() >= 16, "memoryLimitMiB", "16 or more");
        require(config.storeLimitMiB() >= 64, "storeLimitMiB", "64 or more");
        require(config.maximumConnections() >= 8, "maximumConnections", "8 or more");
        return new Settings(
                bracketed(config.host()),
                config.port(),
                bracketed(advertised(config)),
                config.memoryLimitMiB(),
                config.storeLimitMiB(),
                config.maximumConnections());
    }

    private static void require(boolean fulfilled, String property, String range) {
        if (!fulfilled) {
            throw new IllegalArgumentException(property + " in the configuration " + Config.PID + " must be " + range);
        }
    }

    /** As addresses of IPv6 stand in a URI. */
    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? '[' + host + ']' : host;
    }

    private static String advertised(Config config) {
        if (!config.advertisedHost().isBlank()) {
            return config.advertisedHost();
        }
        if (!config.host().equals(EVERY_INTERFACE)) {
            return config.host();
        }
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    /** Where this machine itself reaches the broker. */
    String local() {
        return host.equals(EVERY_INTERFACE) ? "127.0.0.1" : host;
    }

    /** What the broker listens on, with ActiveMQ's options. */
    URI listen() {
        return URI.create("ssl://" + host + ':' + port + OPTIONS + "&maximumConnections=" + maximumConnections);
    }
}
