package org.llmfactory.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@value #PID}. */
@ObjectClassDefinition(name = "LLM Factory broker", description = "Where a controller's broker listens, and its limits")
public @interface Config {
    String PID = "org.llmfactory.broker";

    @AttributeDefinition(description = "Name or address of the interface to listen on; 0.0.0.0 for all")
    String host() default "127.0.0.1";

    @AttributeDefinition(description = "TCP port to listen on; 0 for any free one")
    int port() default 61617;

    @AttributeDefinition(description = "Name or address by which other machines reach this one; empty: the host")
    String advertisedHost() default "";

    @AttributeDefinition(
            description = "Memory for messages on their way, in MiB; beyond it streams' frames are dropped")
    int memoryLimitMiB() default 128;

    @AttributeDefinition(description = "Disk for control messages that wait, in MiB; beyond it they are refused")
    int storeLimitMiB() default 1024;

    @AttributeDefinition(description = "Connections at a time; an agent has three, a controller's bridge three")
    int maximumConnections() default 1000;
}
