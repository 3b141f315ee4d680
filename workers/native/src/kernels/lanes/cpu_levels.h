// Code compiled for several CPUs and chosen at run time. target_clones is not enough: it splits vectors wider than the
// base CPU's before it makes a clone. A file of loops (*.inc) is included once per level between NORMLAB_LEVEL_BEGIN_*
// and NORMLAB_LEVEL_END. It includes no library header, so that no library function is compiled for a newer CPU.
#pragma once

#if defined(__x86_64__) && defined(__clang__)
#define NORMLAB_LEVELS 1
#define NORMLAB_LEVEL_BEGIN_V3 \
    _Pragma("clang attribute push(__attribute__((target(\"avx2,fma,bmi2\"))), apply_to = function)")
#define NORMLAB_LEVEL_BEGIN_V4 \
    _Pragma(                   \
        "clang attribute push(__attribute__((target(\"avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl\"))), apply_to = function)")
#define NORMLAB_LEVEL_BEGIN_V5 \
    _Pragma(                   \
        "clang attribute push(__attribute__((target(\"avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16\"))), apply_to = function)")
#define NORMLAB_LEVEL_END _Pragma("clang attribute pop")
#elif defined(__x86_64__) && defined(__GNUC__)
#define NORMLAB_LEVELS 1
#define NORMLAB_LEVEL_BEGIN_V3 _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,fma,bmi2\")")
#define NORMLAB_LEVEL_BEGIN_V4 \
    _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl\")")
#define NORMLAB_LEVEL_BEGIN_V5 \
    _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16\")")
#define NORMLAB_LEVEL_END _Pragma("GCC pop_options")
#else
#define NORMLAB_LEVELS 0
#endif

namespace normlab {

// 5: AVX-512 with conversion to bf16, 4: AVX-512, 3: AVX2 with FMA, 2: the base that the addon is compiled for (on
// arm64 NEON).
int machineLevel();

// The level in use: that of the machine, lowered by NORMLAB_CPU (base/cpu_cap.h).
int cpuLevel();

}  // namespace normlab
