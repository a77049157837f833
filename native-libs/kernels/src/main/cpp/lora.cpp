// Many LoRA adapters in one pass, each on its own rows and at its true rank: y[row] += weight * (x[row] A') B.
//
// The method is the shrink and expand of Punica (arXiv 2310.18547). Rows are grouped by adapter, so that its matrices are
// read once for all of them, and a row may belong to several groups: that is how a request mixes adapters.
#include <stdlib.h>

#include "operators.h"
#include "vectors.h"

namespace {

using namespace llmfactory;

// One projection of one adapter: five numbers of the table [adapters, sites, 5].
struct Site {
    const void* a;   // [rank, in]
    const void* b;   // [rank, out] in blocks of 64 columns, one block after the other; the adapter's scale is in it
    int64_t rank;    // 0: the adapter leaves the projection alone
    int64_t offset;  // the first column of y that it changes
    int64_t out;     // how many
};

// The entries [begin, end) of the plan use this adapter.
struct Group {
    int64_t adapter;
    int64_t begin;
    int64_t end;
};

// Which rows use which adapter: made once for a step, for all its projections.
struct Plan {
    int64_t groups;
    int64_t entries;
    const Group* group;
    const int64_t* row;
    const float* weight;
};

// Sites side by side that share the input x, as query, key and value do.
struct Sites {
    const Site* table;
    int64_t perAdapter;
    int64_t first;
    int64_t count;

    const Site& of(const Group& group, int64_t site) const { return table[group.adapter * perAdapter + first + site]; }
};

constexpr int64_t RANKS = 4;     // rows of A that a piece of work of the first phase takes
constexpr int64_t COLUMNS = 64;  // columns of y that a piece of work of the second phase takes

int64_t pieces(int64_t all, int64_t each) { return (all + each - 1) / each; }

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// v[entry] = x[row] A' for some rows of A. W: the type of the adapter, T: of x and y.
template <typename W, typename T>
INLINE void shrinkRows(const W* a, int64_t ranks, const T* x, int64_t stride, int64_t in, const int64_t* row,
                       int64_t entries, float* v, int64_t width) {
    for (int64_t entry = 0; entry < entries; entry++) {
        const T* from = x + row[entry] * stride;
        float* to = v + entry * width;
        if (ranks == RANKS) {
            Lanes sums[RANKS] = {};
            int64_t i = 0;
            for (; i + LANES <= in; i += LANES) {
                Lanes value = load(from + i);
#pragma GCC unroll 4
                for (int64_t rank = 0; rank < RANKS; rank++) {
                    sums[rank] += value * load(a + rank * in + i);
                }
            }
            for (int64_t rank = 0; rank < RANKS; rank++) {
                to[rank] = sum(sums[rank]);
                for (int64_t rest = i; rest < in; rest++) {
                    to[rank] += widen(from[rest]) * widen(a[rank * in + rest]);
                }
            }
        } else {
            for (int64_t rank = 0; rank < ranks; rank++) {
                Lanes lanes = {};
                int64_t i = 0;
                for (; i + LANES <= in; i += LANES) {
                    lanes += load(from + i) * load(a + rank * in + i);
                }
                to[rank] = sum(lanes);
                for (; i < in; i++) {
                    to[rank] += widen(from[i]) * widen(a[rank * in + i]);
                }
            }
        }
    }
}

// y[row] += weight * v[entry] B for one block of columns.
template <typename W, typename T>
INLINE void expandBlock(const W* b, int64_t rank, int64_t columns, const float* v, int64_t width, const int64_t* row,
                        const float* weight, int64_t entries, T* y, int64_t stride) {
    for (int64_t entry = 0; entry < entries; entry++) {
        const float* from = v + entry * width;
        T* to = y + row[entry] * stride;
        if (columns == COLUMNS) {
            Lanes sums[COLUMNS / LANES] = {};
            for (int64_t r = 0; r < rank; r++) {
#pragma GCC unroll 8
                for (int64_t c = 0; c < COLUMNS / LANES; c++) {
                    sums[c] += from[r] * load(b + r * COLUMNS + c * LANES);
                }
            }
            for (int64_t c = 0; c < COLUMNS / LANES; c++) {
                store(load(to + c * LANES) + weight[entry] * sums[c], to + c * LANES);
            }
        } else {
            for (int64_t c = 0; c < columns; c++) {
                float change = 0;
                for (int64_t r = 0; r < rank; r++) {
                    change += from[r] * widen(b[r * columns + c]);
                }
                store(widen(to[c]) + weight[entry] * change, to + c);
            }
        }
    }
}

// Each combination of types, compiled for each instruction set.
#define SHRINK_AND_EXPAND(W, T)                                                                                         \
    FOR_EACH_PROCESSOR void shrink(const W* a, int64_t ranks, const T* x, int64_t stride, int64_t in,                   \
                                   const int64_t* row, int64_t entries, float* v, int64_t width) {                      \
        shrinkRows(a, ranks, x, stride, in, row, entries, v, width);                                                    \
    }                                                                                                                   \
    FOR_EACH_PROCESSOR void expand(const W* b, int64_t rank, int64_t columns, const float* v, int64_t width,            \
                                   const int64_t* row, const float* weight, int64_t entries, T* y, int64_t stride) {    \
        expandBlock(b, rank, columns, v, width, row, weight, entries, y, stride);                                       \
    }

SHRINK_AND_EXPAND(float, float)
SHRINK_AND_EXPAND(Bfloat16, float)
SHRINK_AND_EXPAND(Bfloat16, Bfloat16)

template <typename W, typename T>
void adapt(T* y, int64_t yStride, const T* x, int64_t xStride, int64_t in, const Plan& plan, const Sites& sites) {
    int64_t width = 0;
    int64_t out = 0;
    for (int64_t g = 0; g < plan.groups; g++) {
        for (int64_t s = 0; s < sites.count; s++) {
            const Site& site = sites.of(plan.group[g], s);
            width = site.rank > width ? site.rank : width;
            out = site.rank > 0 && site.out > out ? site.out : out;
        }
    }
    auto* v = static_cast<float*>(malloc(sizeof(float) * plan.entries * sites.count * width));
    if (width == 0 || v == nullptr) {
        free(v);
        return;
    }
    int64_t shrinks = pieces(width, RANKS);
    int64_t expands = pieces(out, COLUMNS);
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (int64_t work = 0; work < plan.groups * sites.count * shrinks; work++) {
            const Group& group = plan.group[work / (sites.count * shrinks)];
            int64_t s = work / shrinks % sites.count;
            int64_t rank = work % shrinks * RANKS;
            const Site& site = sites.of(group, s);
            if (rank < site.rank) {
                shrink(static_cast<const W*>(site.a) + rank * in, least(RANKS, site.rank - rank), x, xStride, in,
                       plan.row + group.begin, group.end - group.begin,
                       v + (s * plan.entries + group.begin) * width + rank, width);
            }
        }
        // A row may be in several groups: whoever has a block of columns takes all groups, one after the other.
#pragma omp for schedule(static)
        for (int64_t work = 0; work < sites.count * expands; work++) {
            int64_t s = work / expands;
            int64_t column = work % expands * COLUMNS;
            for (int64_t g = 0; g < plan.groups; g++) {
                const Group& group = plan.group[g];
                const Site& site = sites.of(group, s);
                if (column < site.out && site.rank > 0) {
                    expand(static_cast<const W*>(site.b) + column * site.rank, site.rank,
                           least(COLUMNS, site.out - column), v + (s * plan.entries + group.begin) * width, width,
                           plan.row + group.begin, plan.weight + group.begin, group.end - group.begin,
                           y + site.offset + column, yStride);
                }
            }
        }
    }
    free(v);
}

}  // namespace

void llmfactory::lora(Slot* stack, uint64_t, uint64_t) {
    TensorArgument y(stack[0]);
    TensorArgument x(stack[1]);
    TensorArgument plan(stack[2]);
    TensorArgument weights(stack[3]);
    TensorArgument table(stack[4]);
    auto type = static_cast<int32_t>(stack[7]);

    const int64_t* numbers = plan.data<int64_t>();
    Plan rows{numbers[0], numbers[1], reinterpret_cast<const Group*>(numbers + 2), numbers + 2 + 3 * numbers[0],
              weights.data<float>()};
    Sites sites{reinterpret_cast<const Site*>(table.data<int64_t>()), table.size(1), static_cast<int64_t>(stack[5]),
                static_cast<int64_t>(stack[6])};
    if (x.type() == BFLOAT16) {
        adapt<Bfloat16>(y.data<Bfloat16>(), y.stride(0), x.data<Bfloat16>(), x.stride(0), x.size(1), rows, sites);
    } else if (type == BFLOAT16) {
        adapt<Bfloat16>(y.data<float>(), y.stride(0), x.data<float>(), x.stride(0), x.size(1), rows, sites);
    } else {
        adapt<float>(y.data<float>(), y.stride(0), x.data<float>(), x.stride(0), x.size(1), rows, sites);
    }
    stack[0] = y.release();
}
