/** Keeps record of agents that are lost and that return, and puts figures of the fleet among the meters. */
@NullMarked
package org.llmfactory.fleet.attendance;

import org.jspecify.annotations.NullMarked;
