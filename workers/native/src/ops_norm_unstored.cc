// Tensors around a normalization that are never stored, as convolutions make them sample by sample: by the same loops as the stored
// ones, so that not a bit differs.
#include "norm_plan.h"

namespace normlab {

std::optional<SampleSource> unstoredSource(const Planner& plan, int tensor) {
    const auto gradient = plan.unstoredGradients.find(tensor);
    if (gradient != plan.unstoredGradients.end()) return gradient->second;
    const auto found = plan.unstoredNorms.find(tensor);
    if (found == plan.unstoredNorms.end()) return std::nullopt;
    const UnstoredNorm norm = found->second;
    const NormGrid grid = *normGridOf(norm.src.desc);
    const auto make = [norm, grid](const RunContext& run, int64_t first, int64_t last, void* to) {
        for (int64_t i = first * grid.groups; i < last * grid.groups; ++i)
            normKernels<Bf16>().apply(run.at<Bf16>(norm.src.buffer) + grid.at(i),
                                      static_cast<Bf16*>(to) + grid.at(i) - first * grid.sampleStride, grid.unitOf(i),
                                      run.at<NormLanes>(norm.lanes)[i % grid.groups], norm.relu);
    };
    const int64_t bytes = grid.sampleStride * static_cast<int64_t>(sizeof(Bf16));
    return SampleSource{norm.src.desc, -1, make, {{norm.src.buffer, bytes}}, {norm.src.buffer, norm.lanes}};
}

}  // namespace normlab
