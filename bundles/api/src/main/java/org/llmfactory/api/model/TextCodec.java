package org.llmfactory.api.model;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Text to token ids and back, as the model's authors defined it.
 *
 * <p>Safe for use by several threads; the decoders it hands out are not.
 */
@ProviderType
public interface TextCodec {
    /**
     * Encodes text.
     *
     * @param addSpecialTokens whether to add what the tokenizer puts around a document, for example a beginning of
     *     sequence token; false for text that a chat template has already finished
     */
    int[] encode(String text, boolean addSpecialTokens);

    /** Decodes a whole sequence; bytes that form no character become U+FFFD. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** A decoder for one growing sequence. */
    StreamingDecoder streamingDecoder(boolean skipSpecialTokens);

    /** The bytes one token stands for, as OpenAI's log probabilities report them. */
    byte[] bytesOf(int id);

    /**
     * Renders a conversation with the model's chat template.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_REQUEST} with the template's own words when it
     *     refuses the conversation, {@code UNSUPPORTED_PARAMETER} when the model has no template
     */
    String render(ChatPrompt prompt);

    /** Tokens that end a generation, from the generation configuration; may be empty. */
    Set<Integer> endOfGeneration();

    /** Number of token ids. */
    int vocabularySize();

    /** Whether {@link #render} can work. */
    boolean hasChatTemplate();

    /** Ids for each of several texts, each as {@link #encode}. */
    default List<int[]> encodeAll(List<String> texts, boolean addSpecialTokens) {
        return texts.stream().map(text -> encode(text, addSpecialTokens)).toList();
    }
}
