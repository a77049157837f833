/** What the machine has and how busy it is. */
@NullMarked
package org.llmfactory.sysinfo.hardware;

import org.jspecify.annotations.NullMarked;
