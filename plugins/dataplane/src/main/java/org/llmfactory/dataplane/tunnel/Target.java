package org.llmfactory.dataplane.tunnel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Where a tunnel's connections go.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 1 to 65535
 */
record Target(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.%]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5})");
    private static final int HIGHEST = 65535;

    /**
     * Reads {@code host:port}.
     *
     * @throws FactoryException {@code INVALID_VALUE}
     */
    static Target parse(String text) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > HIGHEST) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "target",
                    "Invalid 'target': expected host:port, for example 127.0.0.1:5432.");
        }
        String host = matcher.group(1);
        return new Target(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
