package org.llmfactory.dataplane.tunnel;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Objects;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/**
 * What the near end of a connection tells the far one, as JSON.
 *
 * @param target {@code host:port}
 */
record TunnelRequest(String target) {
    /** The name of the stream service. */
    static final String SERVICE = "tunnel";

    TunnelRequest {
        Objects.requireNonNull(target, "target");
    }

    byte[] write() {
        try {
            return Json.MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of a string is always written", e);
        }
    }

    static TunnelRequest read(byte[] request) {
        try {
            return Json.MAPPER.readValue(request, TunnelRequest.class);
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The request for a tunnel is malformed.", e);
        }
    }
}
