/** The half of controllers: other agents' trainers. */
@NullMarked
package org.llmfactory.trainer.remote.controller;

import org.jspecify.annotations.NullMarked;
