/** What happened and what it cost: the audit log and the usage counters. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.ledger;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
