// Code for AMX tiles. NORMLAB_AMX is defined where this compiler supports it. Such code is placed between
// NORMLAB_AMX_BEGIN and NORMLAB_AMX_END in a .cc file, in an .inc file that includes nothing, and runs only if hasAmx()
// returns true.
#pragma once

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && \
    (!defined(__clang__) || __clang_major__ >= 12) && (defined(__clang__) || __GNUC__ >= 11)
#define NORMLAB_AMX 1
#include <immintrin.h>
#else
#define NORMLAB_AMX 0
#endif

#if defined(__clang__)
#define NORMLAB_AMX_BEGIN \
    _Pragma(              \
        "clang attribute push(__attribute__((target(\"avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,prfchw,amx-tile,amx-bf16\"))), apply_to = function)")
#define NORMLAB_AMX_END _Pragma("clang attribute pop")
#else  // GCC 12 warns about uninitialized values in its own headers
#define NORMLAB_AMX_BEGIN                                                                                 \
    _Pragma("GCC push_options")                                                                           \
        _Pragma("GCC target(\"avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,prfchw,amx-tile,amx-bf16\")") \
            _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")
#define NORMLAB_AMX_END _Pragma("GCC diagnostic pop") _Pragma("GCC pop_options")
#endif

namespace normlab {

// True where this CPU and this build support AMX. Requests the permission to use tiles from the operating system.
bool isAmxMachine();

// True where AMX is used: NORMLAB_CPU may rule it out.
bool hasAmx();

}  // namespace normlab
