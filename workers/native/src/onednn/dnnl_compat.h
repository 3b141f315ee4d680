// Everything that differs between oneDNN 2.x (2.6 is the oldest supported) and 3.x, and nothing else.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "base/cpu_cap.h"

namespace normlab {

using Md = dnnl::memory::desc;
using Dims = dnnl::memory::dims;
using DataType = dnnl::memory::data_type;

namespace compat {

struct Blocking {
    bool isBlocked = false;
    Dims strides, paddedDims, innerBlocks, innerIndices;
};

struct ConvShape {
    Md src, weights, bias, dst;
    Dims strides, dilates, paddingBegin, paddingEnd;
};

struct DenseShape {
    Md src, weights, bias, dst;
};

struct PoolShape {
    dnnl::algorithm algorithm;
    Md src, dst;
    Dims strides, kernel, dilates, paddingBegin, paddingEnd;
};

struct EltwiseKind {
    dnnl::algorithm algorithm;
    float alpha, beta;
};

inline dnnl::primitive_attr userScratchpad() {
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attr;
}

using ConvForward = dnnl::convolution_forward::primitive_desc;
using ConvBackwardData = dnnl::convolution_backward_data::primitive_desc;
using ConvBackwardWeights = dnnl::convolution_backward_weights::primitive_desc;
using DenseForward = dnnl::inner_product_forward::primitive_desc;
using DenseBackwardData = dnnl::inner_product_backward_data::primitive_desc;
using DenseBackwardWeights = dnnl::inner_product_backward_weights::primitive_desc;
using NormForward = dnnl::batch_normalization_forward::primitive_desc;
using NormBackward = dnnl::batch_normalization_backward::primitive_desc;
using EltwiseForward = dnnl::eltwise_forward::primitive_desc;
using EltwiseBackward = dnnl::eltwise_backward::primitive_desc;
using DeconvForward = dnnl::deconvolution_forward::primitive_desc;
using DeconvBackwardData = dnnl::deconvolution_backward_data::primitive_desc;
using DeconvBackwardWeights = dnnl::deconvolution_backward_weights::primitive_desc;
using ResampleForward = dnnl::resampling_forward::primitive_desc;
using ResampleBackward = dnnl::resampling_backward::primitive_desc;
constexpr auto kDirect = dnnl::algorithm::convolution_direct;
constexpr auto kDeconvDirect = dnnl::algorithm::deconvolution_direct;

#if DNNL_VERSION_MAJOR >= 3
#include "onednn/dnnl_compat_v3.inc"
#else
#include "onednn/dnnl_compat_v2.inc"
#endif

// Lowers oneDNN's instruction set to NORMLAB_CPU. To be called once per process, before oneDNN's first use; a call that
// comes too late, or a oneDNN that was built without the switch, leaves the set as it is, and `isaName` tells.
inline void capIsa() {
    if (NORMLAB_ARM64) return;
    switch (cpuCap()) {
        case CpuCap::kV2: dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41); break;
        case CpuCap::kV3: dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2); break;
        case CpuCap::kV4: dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx512_core_bf16); break;
        case CpuCap::kAmx: break;
    }
}

// oneDNN's headers name only sets of x86-64. On arm64 the same function returns values of its own, with a bit for NEON
// and one for each length of SVE.
inline const char* armIsaName(int isa) {
    constexpr int kSve128 = 3, kSve256 = 7, kSve512 = 0x27;
    if ((isa & kSve512) == kSve512) return "sve_512";
    if ((isa & kSve256) == kSve256) return "sve_256";
    return (isa & kSve128) == kSve128 ? "sve_128" : "neon";
}

// The instruction set oneDNN will use on this CPU, e.g. "avx512_core_amx".
inline const char* isaName() {
    struct Named {
        int isa;
        const char* name;
    };
    static const Named known[] = {
        {dnnl_cpu_isa_avx512_core_amx, "avx512_core_amx"},
        {dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16"},
        {dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni"},
        {dnnl_cpu_isa_avx512_core, "avx512_core"},
        {dnnl_cpu_isa_avx2_vnni, "avx2_vnni"},
        {dnnl_cpu_isa_avx2, "avx2"},
        {dnnl_cpu_isa_avx, "avx"},
        {dnnl_cpu_isa_sse41, "sse41"},
    };
    const int isa = static_cast<int>(dnnl_get_effective_cpu_isa());
    if (NORMLAB_ARM64) return armIsaName(isa);
    for (const Named& entry : known)
        if ((isa & entry.isa) == entry.isa) return entry.name;
    return "generic";
}

// True where the CPU multiplies bf16 natively (AVX512_BF16 or AMX), not merely converts it.
inline bool hasNativeBf16() {
    if (NORMLAB_ARM64) return false;  // the bits have other meanings there, and our loops in bf16 are not checked there
    const int isa = static_cast<int>(dnnl_get_effective_cpu_isa());
    return (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

}  // namespace compat
}  // namespace normlab
