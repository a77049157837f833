package org.llmfactory.torch.internal;

import ai.djl.pytorch.jni.IValue;
import org.llmfactory.torch.TensorList;

/** A list argument that is kept between calls. */
record DjlTensorList(IValue value, int size) implements TensorList {
    @Override
    public void close() {
        value.close();
    }
}
