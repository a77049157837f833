package org.llmfactory.dataplane.file;

import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;

/** Says nothing to anything. */
class QuietListener implements StreamListener {
    @Override
    public void onMessage(byte[] message) {}

    @Override
    public void onEnd() {}

    @Override
    public void onFailure(FactoryException reason) {}
}
