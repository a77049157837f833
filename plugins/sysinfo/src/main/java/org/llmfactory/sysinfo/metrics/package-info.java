/** What this agent measures, for Prometheus. */
@NullMarked
package org.llmfactory.sysinfo.metrics;

import org.jspecify.annotations.NullMarked;
