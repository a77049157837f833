/** Which agent is to get what: decided from what is known, without changing anything. */
@NullMarked
package org.llmfactory.deployer.plan;

import org.jspecify.annotations.NullMarked;
