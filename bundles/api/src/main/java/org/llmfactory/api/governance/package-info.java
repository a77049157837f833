/** The door every piece of work passes before it is queued: limits, budgets and content policies. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.governance;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
