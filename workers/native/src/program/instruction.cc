#include "program/instruction.h"

#include <algorithm>

namespace normlab {
namespace {

// The operands by their names, for the rows of ops.inc.
namespace operands {
#define NORMLAB_OPERAND(name) constexpr Operand name = &Instruction::name;
#define NORMLAB_NUMBER(name, fallback)
#include "program/fields.inc"
#undef NORMLAB_OPERAND
#undef NORMLAB_NUMBER
}  // namespace operands

constexpr Operand kOperands[] = {
#define NORMLAB_OPERAND(name) &Instruction::name,
#define NORMLAB_NUMBER(name, fallback)
#include "program/fields.inc"
#undef NORMLAB_OPERAND
#undef NORMLAB_NUMBER
};

}  // namespace

const std::vector<Operand>& requiredOperands(Op op) {
    using namespace operands;
    static const std::vector<Operand> table[] = {
#define NORMLAB_OP(name, Name, ...) {__VA_ARGS__},
#include "program/ops.inc"
#undef NORMLAB_OP
    };
    return table[static_cast<size_t>(op)];
}

std::vector<int> tensorsOf(const Instruction& instruction) {
    std::vector<int> out = instruction.srcs;
    out.insert(out.end(), instruction.diffSrcs.begin(), instruction.diffSrcs.end());
    for (const Operand operand : kOperands) out.push_back(instruction.*operand);
    out.erase(std::remove(out.begin(), out.end(), kNone), out.end());
    return out;
}

}  // namespace normlab
