// NORMLAB_CPU: the highest x86-64 level that the addon may use, so that one machine can behave like lesser ones. On
// arm64 there is one level, NEON, and nothing to lower.
#pragma once

#if defined(__aarch64__) || defined(_M_ARM64)
#define NORMLAB_ARM64 1
#else
#define NORMLAB_ARM64 0
#endif

namespace normlab {

// v2: SSE4; v3: AVX2 and FMA; v4: AVX-512, with bf16 where the CPU has it; kAmx: all of it, also without NORMLAB_CPU.
enum class CpuCap { kV2 = 2, kV3 = 3, kV4 = 4, kAmx = 5 };

// Read from the environment once per process. A name that is not known caps nothing: JavaScript refuses it before.
CpuCap cpuCap();

}  // namespace normlab
