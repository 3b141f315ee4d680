// NORMLAB_MULTIVERSION before a loop of ours: it is compiled for several x86-64 levels, and the best one is chosen when
// the addon is loaded. The addon thus runs on old CPUs and is fast on new ones. Empty where the compiler or the C
// library does not support it.
#pragma once

#include <cstdlib>  // defines __GLIBC__

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define NORMLAB_MULTIVERSION __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#elif defined(__x86_64__) && defined(__GLIBC__) && defined(__clang__) && __clang_major__ >= 14
#define NORMLAB_MULTIVERSION __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define NORMLAB_MULTIVERSION
#endif
