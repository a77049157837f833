package org.llmfactory.launcher.load;

/**
 * How many completions are asked for, and how long they are.
 *
 * @param clients at the same time
 * @param requests in each measurement
 * @param promptTokens of each request
 * @param generatedTokens of each request
 */
public record CompletionLoad(int clients, int requests, int promptTokens, int generatedTokens) {}
