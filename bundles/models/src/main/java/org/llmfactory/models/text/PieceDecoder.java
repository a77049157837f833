package org.llmfactory.models.text;

import org.llmfactory.api.model.StreamingDecoder;

/** Joins the bytes of tokens and gives out characters as soon as they are complete: constant work for each byte. */
final class PieceDecoder implements StreamingDecoder {
    private final Vocabulary vocabulary;
    private final boolean skipSpecialTokens;
    private final Utf8Assembler characters = new Utf8Assembler();
    private final StringBuilder text = new StringBuilder();
    private int spacesToDrop;

    PieceDecoder(Vocabulary vocabulary, boolean skipSpecialTokens) {
        this.vocabulary = vocabulary;
        this.skipSpecialTokens = skipSpecialTokens;
        this.spacesToDrop = vocabulary.leadingSpaces();
    }

    @Override
    public String append(int id) {
        add(id);
        return take();
    }

    /** Takes a token; the text stays inside. */
    void add(int id) {
        if (skipSpecialTokens && id >= 0 && vocabulary.isSpecial(id)) {
            return;
        }
        byte[] bytes = vocabulary.bytesOf(id);
        int from = 0;
        while (spacesToDrop > 0 && from < bytes.length) {
            if (bytes[from] != ' ') {
                spacesToDrop = 0;
            } else {
                from++;
                spacesToDrop--;
            }
        }
        characters.append(bytes, from, text);
    }

    @Override
    public String finish() {
        characters.finish(text);
        return take();
    }

    private String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
