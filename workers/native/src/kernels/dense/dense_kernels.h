// Products of dense layers in f32, without copies of the operands: x is [N, F], w [O, F] and y [N, O], all row-major.
// Every result is one sum in an order that depends on its own length alone, so that it has the same bits in any batch
// and with any number of threads.
#pragma once

#include <cstdint>

namespace normlab {

struct DenseSizes {
    int64_t rows = 0, ins = 0, outs = 0;  // N, F and O
};

// A multiple of the columns of a tile on every CPU.
constexpr int64_t kDenseColumns = 32;

template <typename T>
struct DenseKernels {
    // y = x w' + bias for the outputs from `first` to `last` (excluded); `bias` may be null.
    void (*forward)(const DenseSizes& of, const T* x, const T* w, const T* bias, int64_t first, int64_t last, T* y);
    // dx = dy w for the features from `first` to `last` (excluded): whole tiles of kDenseColumns, or the last ones.
    void (*data)(const DenseSizes& of, const T* dy, const T* w, int64_t first, int64_t last, T* dx);
    // dw = dy' x for the outputs from `first` to `last` (excluded).
    void (*weights)(const DenseSizes& of, const T* dy, const T* x, int64_t first, int64_t last, T* dw);
};

// The kernels for this CPU.
const DenseKernels<float>& denseKernels();

}  // namespace normlab
