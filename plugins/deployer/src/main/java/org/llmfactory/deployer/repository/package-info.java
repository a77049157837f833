/** Plugins that are ready to be deployed. */
@NullMarked
package org.llmfactory.deployer.repository;

import org.jspecify.annotations.NullMarked;
