#include "base/status.h"
#include "kernels/update/optimizer.h"

namespace normlab {

// A row of the table, each defined in the file of its name.
extern const OptimizerRow kSgd, kRmsprop, kAdam, kAdamw, kLion;

namespace {

const OptimizerRow* const kOptimizers[] = {&kSgd, &kRmsprop, &kAdam, &kAdamw, &kLion};

}  // namespace

const OptimizerRow* optimizerNamed(const std::string& name) {
    for (const OptimizerRow* row : kOptimizers)
        if (name == row->name) return row;
    return nullptr;
}

double Coefficients::at(const std::string& name) const {
    const auto found = values_.find(name);
    demand(found != values_.end(), "the optimizer lacks its coefficient '" + name + "'");
    return found->second;
}

}  // namespace normlab
