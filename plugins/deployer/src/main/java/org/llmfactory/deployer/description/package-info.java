/** What is to run where, as people write it. */
@NullMarked
package org.llmfactory.deployer.description;

import org.jspecify.annotations.NullMarked;
