#include "ops/norm/norm_plan.h"

#include <cmath>

namespace normlab {

NormActivation normActivationOf(const Instruction& op) {
    if (op.fusedActivation.empty()) return NormActivation::none;
    if (op.fusedActivation == "relu") return NormActivation::relu;
    demand(op.fusedActivation == "relu6", "the fused activation '" + op.fusedActivation + "' is unknown");
    return NormActivation::relu6;
}

void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out) {
    const float* gamma = vectors.gamma < 0 ? nullptr : run.at<float>(vectors.gamma);
    const float* beta = vectors.beta < 0 ? nullptr : run.at<float>(vectors.beta);
    const float* mean = run.at<float>(vectors.mean);
    const float* variance = run.at<float>(vectors.variance);
    out = NormLanes{};
    for (int64_t i = 0; i < 16 && group * 16 + i < grid.channels; ++i) {
        const int64_t c = group * 16 + i;
        const double scale = (gamma == nullptr ? 1.0 : gamma[c]) / std::sqrt(variance[c] + vectors.epsilon);
        out.mean[i] = mean[c];
        out.scale[i] = static_cast<float>(scale);
        out.shift[i] = beta == nullptr ? 0 : beta[c];
    }
}

}  // namespace normlab
