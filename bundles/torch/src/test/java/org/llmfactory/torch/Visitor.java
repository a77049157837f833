package org.llmfactory.torch;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.llmfactory.djl.Djl;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The activator of a bundle that uses the service, and a tokenizer; offers its finding as a service of a type that everybody knows. */
public final class Visitor implements BundleActivator {
    private static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "?": 2}, "unk_token": "?"}}
            """;

    @Override
    public void start(BundleContext context) {
        Supplier<String> finding = () -> {
            ServiceReference<Torch> reference = context.getServiceReference(Torch.class);
            if (reference == null) {
                return "no service";
            }
            try (Program program = context.getService(reference).load("Sample", Sources.SAMPLE);
                    Arena arena = context.getService(reference).newArena()) {
                Tensor sum = program.callForTensor(
                        "add", arena, arena.of(new float[] {1}, 1), arena.zeros(DType.BFLOAT16, 1));
                return reference.getProperty("device") + ", kernels "
                        + context.getService(reference).hasKernels() + ", sum " + sum.toFloats()[0] + ", tokens "
                        + Arrays.toString(tokens("b a"));
            } finally {
                context.ungetService(reference);
            }
        };
        context.registerService(Supplier.class, finding, null);
    }

    private static long[] tokens(String text) {
        return Djl.call(() -> {
            try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(TOKENIZER.getBytes(StandardCharsets.UTF_8)), Map.of())) {
                return tokenizer.encode(text).getIds();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void stop(BundleContext context) {}
}
