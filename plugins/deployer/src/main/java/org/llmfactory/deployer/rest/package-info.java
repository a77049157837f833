/** Deployments and the repository over HTTP. */
@NullMarked
package org.llmfactory.deployer.rest;

import org.jspecify.annotations.NullMarked;
