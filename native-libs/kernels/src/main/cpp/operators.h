// Every operator in the name space llmfactory. A new one is declared here and listed in library.cpp.
#pragma once

#include "stable_abi.h"

namespace llmfactory {

// addr(Tensor x) -> int: where the first element of x lies. Lists of tensors do not pass the interface, so a program
// hands a kernel a table of such addresses; it must keep the tensors alive itself.
void addr(Slot* stack, uint64_t arguments, uint64_t results);

// lora_(Tensor(a!) y, Tensor x, Tensor plan, Tensor weights, Tensor table, int first, int sites, int type) -> Tensor(a!):
// adds the changes that adapters make to the output y [rows, columns] of projections whose input is x [rows, in], both
// with rows of contiguous elements, float32 or bfloat16 alike.
// plan:    int64, number of groups G and of entries E; for each group an adapter, its first entry, its last entry + 1; for
//          each entry a row of x and y
// weights: float32 [E], the weight of each entry
// table:   int64 [adapters, sites of an adapter, 5]: addresses of A [rank, in] and of B [rank, out], which lies in blocks
//          of 64 columns one after the other, and has the scale in it; rank (0: no change), first column of y, columns
// first:   the first of the sites that share this input, and how many they are
// type:    what A and B are made of, 6 float32 or 15 bfloat16; bfloat16 where x is
void lora(Slot* stack, uint64_t arguments, uint64_t results);

}  // namespace llmfactory
