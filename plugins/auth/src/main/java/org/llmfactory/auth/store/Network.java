package org.llmfactory.auth.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A block of network addresses: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address. No name is ever looked up. */
public final class Network {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** The network that a text stands for; empty when it stands for none. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0 || address.isEmpty()) {
            return address.map(bytes -> new Network(bytes, bytes.length * 8));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > address.get().length * 8) {
            return Optional.empty();
        }
        return address.map(bytes -> new Network(bytes, Integer.parseInt(length)));
    }

    /** Whether an address, as the container tells it, lies within. */
    public boolean contains(String client) {
        return address(client).filter(this::contains).isPresent();
    }

    private boolean contains(byte[] client) {
        int whole = bits / 8;
        if (client.length != address.length || !Arrays.equals(client, 0, whole, address, 0, whole)) {
            return false;
        }
        int mask = 0xff00 >> (bits % 8) & 0xff;
        return mask == 0 || ((client[whole] ^ address[whole]) & mask) == 0;
    }

    /**
     * The part of an address that stands for one client: one person commands a whole block of 2⁶⁴ addresses in the newer
     * protocol.
     */
    public static String client(String address) {
        return address(address)
                .filter(bytes -> bytes.length == 16)
                .map(bytes -> Arrays.toString(Arrays.copyOf(bytes, 8)))
                .orElse(address);
    }

    private static Optional<byte[]> address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        String literal = zone < 0 ? bare : bare.substring(0, zone);
        if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal).getAddress());
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }
}
