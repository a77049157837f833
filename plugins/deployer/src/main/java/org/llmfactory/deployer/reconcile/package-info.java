/** Makes what is known into what is wanted, step by step. */
@NullMarked
package org.llmfactory.deployer.reconcile;

import org.jspecify.annotations.NullMarked;
