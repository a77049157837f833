package org.llmfactory.sysinfo.hardware;

/** What can be found out about the machine that the agent runs on. Safe for use by several threads. */
interface Machine {
    /** Operating system and architecture in words. */
    String system();

    /** The processor's name; empty when unknown. */
    String processor();

    /** Memory that the agent may use, in bytes; 0 when unknown. */
    long memoryBytes();

    /** Of it, what is available, in bytes. */
    long memoryFreeBytes();
}
