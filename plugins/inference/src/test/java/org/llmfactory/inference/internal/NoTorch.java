package org.llmfactory.inference.internal;

import java.lang.reflect.Proxy;
import org.llmfactory.torch.Torch;

/** PyTorch's place on a CPU, for tests that compute nothing. */
final class NoTorch {
    private NoTorch() {}

    static Torch torch() {
        return (Torch) Proxy.newProxyInstance(
                Torch.class.getClassLoader(), new Class<?>[] {Torch.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("device")) {
                        return "cpu";
                    }
                    throw new UnsupportedOperationException("nothing is computed here");
                });
    }
}
