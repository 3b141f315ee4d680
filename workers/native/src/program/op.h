// The ops of instructions. Their names are those of core/program/instruction.ts; ops.inc lists them.
#pragma once

#include <optional>
#include <string>

namespace normlab {

enum class Op {
#define NORMLAB_OP(name, Name, ...) name,
#include "program/ops.inc"
#undef NORMLAB_OP
};

// The op's name, for messages and labels.
const char* nameOf(Op op);
// The op of this name; no value for an unknown name.
std::optional<Op> opNamed(const std::string& name);

}  // namespace normlab
