package org.llmfactory.inference.decoder;

import java.util.Map;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.torch.TensorList;

/** Keeps adapters the way one of the two forms of {@code adapt} reads them. */
interface AdapterMemory extends AutoCloseable {
    /** Brings an adapter in. May be called by any thread, also while a step is computed. */
    DecoderAdapter load(Map<LoraTarget, LoraPair> pairs);

    /** Lays out who uses which adapter in a step. Called by the thread that computes. */
    AdapterLayout layOut(StepLayout step);

    /** What the step of the last layout reads. */
    TensorList tensors();

    @Override
    void close();
}
