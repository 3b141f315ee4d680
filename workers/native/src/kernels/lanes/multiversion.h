// NORMLAB_BY_LEVEL(TYPE, NAME, (PARAMETERS), (ARGUMENTS), { BODY }) defines a function that is compiled for several
// x86-64 levels and runs as that of `cpuLevel`. So the addon runs on old CPUs, is fast on new ones, and NORMLAB_CPU
// lowers the level. Elsewhere it is a plain function.
#pragma once

#include "kernels/lanes/cpu_levels.h"

#if NORMLAB_LEVELS && (defined(__clang__) || __GNUC__ >= 11)
#define NORMLAB_TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define NORMLAB_TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#define NORMLAB_BY_LEVEL(TYPE, NAME, PARAMETERS, ARGUMENTS, ...)                                                  \
    static TYPE NAME##AtV2 PARAMETERS __VA_ARGS__ NORMLAB_TARGET_V3 static TYPE NAME##AtV3 PARAMETERS __VA_ARGS__ \
        NORMLAB_TARGET_V4 static TYPE NAME##AtV4 PARAMETERS __VA_ARGS__ TYPE NAME PARAMETERS {                    \
        const int level = cpuLevel();                                                                             \
        if (level >= 4) return NAME##AtV4 ARGUMENTS;                                                              \
        return level == 3 ? NAME##AtV3 ARGUMENTS : NAME##AtV2 ARGUMENTS;                                          \
    }
#else
#define NORMLAB_BY_LEVEL(TYPE, NAME, PARAMETERS, ARGUMENTS, ...) TYPE NAME PARAMETERS __VA_ARGS__
#endif
