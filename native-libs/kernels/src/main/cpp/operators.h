// Every operator in the name space llmfactory. A new one is declared here and listed in library.cpp.
#pragma once

#include "stable_abi.h"

namespace llmfactory {

// addr(Tensor x) -> int: where the first element of x lies. Lists of tensors do not pass the interface, so a program
// hands a kernel a table of such addresses; it must keep the tensors alive itself.
void addr(Slot* stack, uint64_t arguments, uint64_t results);

}  // namespace llmfactory
