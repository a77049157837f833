package org.llmfactory.models.text;

import java.util.Map;
import java.util.Set;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.StreamingDecoder;
import org.llmfactory.api.model.TextCodec;

/** The text side of one model. */
final class TokenizerTextCodec implements TextCodec {
    private final NativeTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final ChatTemplates templates;
    private final Map<String, String> namedTokens;
    private final Set<Integer> endOfGeneration;
    private final DocumentFrame frame;

    TokenizerTextCodec(TokenizerDefinition definition) {
        this.tokenizer = NativeTokenizer.load(definition.file(), definition.json());
        this.vocabulary = definition.vocabulary();
        this.templates = definition.templates();
        this.namedTokens = definition.namedTokens();
        this.endOfGeneration = definition.endOfGeneration();
        this.frame = DocumentFrame.of(tokenizer, definition);
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return addSpecialTokens ? frame.around(tokenizer.encode(text, true)) : tokenizer.encode(text, false);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        PieceDecoder decoder = new PieceDecoder(vocabulary, skipSpecialTokens);
        for (int id : ids) {
            decoder.add(id);
        }
        return decoder.finish();
    }

    @Override
    public StreamingDecoder streamingDecoder(boolean skipSpecialTokens) {
        return new PieceDecoder(vocabulary, skipSpecialTokens);
    }

    @Override
    public byte[] bytesOf(int id) {
        return vocabulary.bytesOf(id).clone();
    }

    @Override
    public String render(ChatPrompt prompt) {
        return templates.render(prompt, namedTokens);
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return endOfGeneration;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public boolean hasChatTemplate() {
        return !templates.isEmpty();
    }
}
