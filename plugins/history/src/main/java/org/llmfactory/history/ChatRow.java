package org.llmfactory.history;

/**
 * A chat as it lies in the table. Rows are not compared.
 *
 * @param created milliseconds since 1970
 * @param metadata sealed
 * @param request sealed
 * @param completion sealed
 */
@SuppressWarnings("ArrayRecordComponent")
record ChatRow(
        String project,
        String id,
        String owner,
        String model,
        long created,
        byte[] metadata,
        byte[] request,
        byte[] completion) {}
