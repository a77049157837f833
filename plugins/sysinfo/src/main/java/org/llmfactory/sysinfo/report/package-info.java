/** Tells controllers what this agent is, has and does. */
@NullMarked
package org.llmfactory.sysinfo.report;

import org.jspecify.annotations.NullMarked;
