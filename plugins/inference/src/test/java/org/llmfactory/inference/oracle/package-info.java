/** The whole engine against transformers and PEFT, on a real model. */
package org.llmfactory.inference.oracle;
