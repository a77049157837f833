/** Rate limits and concurrency: how much may come in a minute, and how much may be at work at once. */
@NullMarked
package org.llmfactory.policies.limit;

import org.jspecify.annotations.NullMarked;
