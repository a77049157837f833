/** That this agent belongs to a network: it joins and leaves, renews its certificate, and answers those who may ask. */
@NullMarked
package org.llmfactory.agent.network;

import org.jspecify.annotations.NullMarked;
