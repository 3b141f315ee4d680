#pragma once

#include <napi.h>

#include "program/program.h"

namespace normlab {

// Reads a `Program` (core/program/program.ts). Throws Failure naming the field if it is malformed.
Program readProgram(Napi::Value value);

}  // namespace normlab
