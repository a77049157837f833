// The part of libtorch's stable C interface that the kernels use. Declared here, so that PyTorch's headers are not
// needed to build, and one build fits later versions of libtorch.
#pragma once

#include <cstdint>

extern "C" {

using TensorHandle = struct AtenTensorOpaque*;
using LibraryHandle = struct TorchLibraryOpaque*;

// Arguments arrive in, and results leave by, slots of 64 bits: a tensor as an owned handle, an int by value.
using Slot = uint64_t;
using Kernel = void (*)(Slot* stack, uint64_t arguments, uint64_t results);

// Each returns 0, or an error code after an exception, which libtorch has logged.
int32_t aoti_torch_library_init_def(const char* name_space, const char* file, uint32_t line, LibraryHandle* library);
int32_t aoti_torch_library_init_impl(const char* name_space, const char* dispatch_key, const char* file, uint32_t line,
                                     LibraryHandle* library);
int32_t aoti_torch_library_def(LibraryHandle library, const char* schema);
int32_t aoti_torch_library_impl(LibraryHandle library, const char* name, Kernel kernel);

int32_t aoti_torch_get_data_ptr(TensorHandle tensor, void** data);
int32_t aoti_torch_get_sizes(TensorHandle tensor, int64_t** sizes);
int32_t aoti_torch_get_strides(TensorHandle tensor, int64_t** strides);
int32_t aoti_torch_get_dtype(TensorHandle tensor, int32_t* type);
int32_t aoti_torch_delete_tensor_object(TensorHandle tensor);

}  // extern "C"

constexpr int32_t FLOAT32 = 6;
constexpr int32_t BFLOAT16 = 15;

// A tensor argument: owns its handle, unless it is handed back as the result.
class TensorArgument {
public:
    explicit TensorArgument(Slot slot) : handle(reinterpret_cast<TensorHandle>(slot)) {}
    ~TensorArgument() {
        if (handle != nullptr) {
            aoti_torch_delete_tensor_object(handle);
        }
    }
    TensorArgument(const TensorArgument&) = delete;
    TensorArgument& operator=(const TensorArgument&) = delete;

    template <typename T>
    T* data() const {
        void* address = nullptr;
        aoti_torch_get_data_ptr(handle, &address);
        return static_cast<T*>(address);
    }

    int64_t size(int dimension) const {
        int64_t* sizes = nullptr;
        aoti_torch_get_sizes(handle, &sizes);
        return sizes[dimension];
    }

    int64_t stride(int dimension) const {
        int64_t* strides = nullptr;
        aoti_torch_get_strides(handle, &strides);
        return strides[dimension];
    }

    int32_t type() const {
        int32_t type = 0;
        aoti_torch_get_dtype(handle, &type);
        return type;
    }

    Slot release() {
        Slot slot = reinterpret_cast<Slot>(handle);
        handle = nullptr;
        return slot;
    }

private:
    TensorHandle handle;
};
