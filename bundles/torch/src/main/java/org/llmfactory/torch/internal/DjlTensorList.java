package org.llmfactory.torch.internal;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import org.llmfactory.torch.TensorList;

/** A list argument that is kept between calls. */
record DjlTensorList(IValue value, List<PtNDArray> arrays) implements TensorList {
    @Override
    public int size() {
        return arrays.size();
    }

    @Override
    public void close() {
        value.close();
    }
}
