#include "program/program.h"

#include <algorithm>

namespace normlab {

bool Program::isOutput(int tensor) const {
    if (tensor == logits || tensor == inputGradient) return true;
    return std::any_of(taps.begin(), taps.end(),
                       [tensor](const Tap& tap) { return tensor == tap.value || tensor == tap.gradient; });
}

}  // namespace normlab
