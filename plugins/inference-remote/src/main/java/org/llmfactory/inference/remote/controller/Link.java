package org.llmfactory.inference.remote.controller;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.llmfactory.api.network.DataPlane;

/**
 * How generations get to other agents.
 *
 * @param dataPlane opens their streams
 * @param openers threads that may wait for a stream
 * @param open how long an agent may take to accept one
 * @param watch looks after generations while they are under way
 */
record Link(DataPlane dataPlane, Executor openers, Duration open, Watch watch) {}
