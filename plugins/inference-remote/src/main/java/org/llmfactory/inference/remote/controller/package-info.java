/** The half on controllers: the engines of agents as services of this one. */
@NullMarked
package org.llmfactory.inference.remote.controller;

import org.jspecify.annotations.NullMarked;
