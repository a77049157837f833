package org.llmfactory.dataplane;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The bounds of streams, files and tunnels. */
@ObjectClassDefinition(name = "LLM Factory: data plane")
public @interface Config {
    /** The PID of all components here. */
    String PID = "org.llmfactory.dataplane";

    @AttributeDefinition(description = "Streams open at once on this agent")
    int maxStreams() default 4096;

    @AttributeDefinition(description = "Streams open at once with one other agent")
    int maxStreamsPerPeer() default 256;

    @AttributeDefinition(
            description = "Bytes that the other end may send before the listener has taken them; 256 KiB to 64 MiB")
    int windowBytes() default 1 << 20;

    @AttributeDefinition(description = "Bytes that may wait on a stream until the other end takes them; then it fails")
    int queueBytes() default 8 << 20;

    @AttributeDefinition(description = "A stream on the lane DATA fails after this silence of the other end")
    int dataSilenceSeconds() default 30;

    @AttributeDefinition(description = "A stream on the lane LIVE fails after this silence of the other end")
    int liveSilenceSeconds() default 5;

    @AttributeDefinition(description = "The largest file that is fetched")
    long maxFileBytes() default 16L << 30;

    @AttributeDefinition(description = "Files that are sent to others at once")
    int maxFileTransfers() default 32;

    @AttributeDefinition(
            description = "What other agents may reach from here through tunnels: host:port, where the host may be *,"
                    + " *.domain or a name, the port *, a number or a range; nothing unless configured")
    String[] tunnelTargets() default {};

    @AttributeDefinition(description = "Tunnels that begin here at once")
    int maxTunnels() default 32;

    @AttributeDefinition(
            description = "Connections through tunnels at once, of those that begin and of those that end here")
    int maxTunnelConnections() default 256;

    @AttributeDefinition(description = "A connection through a tunnel that carries nothing for so long is closed")
    int tunnelIdleSeconds() default 3600;
}
