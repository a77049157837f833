/** What several tests need. */
@NullMarked
package org.llmfactory.deployer.testing;

import org.jspecify.annotations.NullMarked;
