/** Lets agents into the network and keeps those out who are not to be in it any more. */
@NullMarked
package org.llmfactory.enrollment;

import org.jspecify.annotations.NullMarked;
