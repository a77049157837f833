/** Whether this agent works, for load balancers and people. */
@NullMarked
package org.llmfactory.sysinfo.health;

import org.jspecify.annotations.NullMarked;
