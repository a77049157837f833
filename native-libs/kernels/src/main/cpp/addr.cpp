#include "operators.h"

void llmfactory::addr(Slot* stack, uint64_t, uint64_t) {
    TensorArgument x(stack[0]);
    stack[0] = reinterpret_cast<Slot>(x.data<void>());
}
