// Registers the operators when the library is loaded.
#include "operators.h"

namespace {

struct Operator {
    const char* schema;
    const char* name;
    Kernel cpu;   // null: none
    Kernel cuda;  // null: none
};

constexpr Operator OPERATORS[] = {
    {"addr(Tensor x) -> int", "addr", llmfactory::addr, llmfactory::addr},
    {"lora_(Tensor(a!) y, Tensor x, Tensor plan, Tensor weights, Tensor table, int first, int sites, int type) "
     "-> Tensor(a!)",
     "lora_", llmfactory::lora, nullptr},
};

constexpr const char* NAME_SPACE = "llmfactory";

void implement(const char* dispatch_key, Kernel Operator::*kernel) {
    LibraryHandle library = nullptr;
    if (aoti_torch_library_init_impl(NAME_SPACE, dispatch_key, __FILE__, __LINE__, &library) != 0) {
        return;
    }
    for (const Operator& op : OPERATORS) {
        if (op.*kernel != nullptr) {
            aoti_torch_library_impl(library, op.name, op.*kernel);
        }
    }
}

// A failure is reported by libtorch; programs that name the operator then do not compile.
__attribute__((constructor)) void registerOperators() {
    LibraryHandle library = nullptr;
    if (aoti_torch_library_init_def(NAME_SPACE, __FILE__, __LINE__, &library) != 0) {
        return;
    }
    for (const Operator& op : OPERATORS) {
        aoti_torch_library_def(library, op.schema);
    }
    implement("CPU", &Operator::cpu);
    implement("CUDA", &Operator::cuda);
}

}  // namespace
