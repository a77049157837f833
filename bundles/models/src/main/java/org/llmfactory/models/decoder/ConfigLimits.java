package org.llmfactory.models.decoder;

/** The largest numbers a configuration may hold: far beyond any model, far below overflow. */
final class ConfigLimits {
    static final int VOCABULARY = 1 << 22;
    static final int WIDTH = 1 << 20;
    static final int HEADS = 1 << 12;
    static final int HEAD_WIDTH = 1 << 12;
    static final int LAYERS = 1 << 10;
    static final int CONTEXT = 1 << 26;
    static final int STOP_TOKENS = 1 << 8;

    private ConfigLimits() {}
}
