#include "program/op.h"

namespace normlab {
namespace {

constexpr const char* kNames[] = {
#define NORMLAB_OP(name, Name, ...) #name,
#include "program/ops.inc"
#undef NORMLAB_OP
};

}  // namespace

const char* nameOf(Op op) {
    return kNames[static_cast<size_t>(op)];
}

std::optional<Op> opNamed(const std::string& name) {
    for (size_t i = 0; i < std::size(kNames); ++i)
        if (name == kNames[i]) return static_cast<Op>(i);
    return std::nullopt;
}

}  // namespace normlab
