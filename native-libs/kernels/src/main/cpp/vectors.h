// Eight floats at a time, written once for every instruction set; bfloat16 is widened as it is read.
#pragma once

#include <cstdint>

// Compiled for each of these processors; the loader picks the best that the machine has.
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))

#define INLINE inline __attribute__((always_inline))

namespace llmfactory {

struct Bfloat16 {
    uint16_t bits;
};

constexpr int64_t LANES = 8;
using Lanes = float __attribute__((vector_size(32)));
using Words = uint32_t __attribute__((vector_size(32)));
using Halves = uint16_t __attribute__((vector_size(16)));

INLINE float widen(float x) { return x; }

INLINE float widen(Bfloat16 x) {
    uint32_t word = static_cast<uint32_t>(x.bits) << 16;
    float wide;
    __builtin_memcpy(&wide, &word, sizeof wide);
    return wide;
}

INLINE Lanes load(const float* from) {
    Lanes lanes;
    __builtin_memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

INLINE Lanes load(const Bfloat16* from) {
    Halves halves;
    __builtin_memcpy(&halves, from, sizeof halves);
    Words words = __builtin_convertvector(halves, Words) << 16;
    Lanes lanes;
    __builtin_memcpy(&lanes, &words, sizeof lanes);
    return lanes;
}

INLINE void store(float x, float* to) { *to = x; }

// To the nearest, ties to even, as PyTorch rounds.
INLINE void store(float x, Bfloat16* to) {
    uint32_t word;
    __builtin_memcpy(&word, &x, sizeof word);
    to->bits = x == x ? static_cast<uint16_t>((word + 0x7fff + (word >> 16 & 1)) >> 16) : 0x7fc0;
}

INLINE void store(Lanes lanes, float* to) { __builtin_memcpy(to, &lanes, sizeof lanes); }

INLINE void store(Lanes lanes, Bfloat16* to) {
    for (int64_t i = 0; i < LANES; i++) {
        store(lanes[i], to + i);
    }
}

INLINE float sum(Lanes lanes) {
    float sum = 0;
    for (int64_t i = 0; i < LANES; i++) {
        sum += lanes[i];
    }
    return sum;
}

}  // namespace llmfactory
