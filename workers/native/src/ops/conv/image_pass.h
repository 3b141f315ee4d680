// A pass of a convolution in our own loops that packs its kernel and then writes images: forward, or the data gradient.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "kernels/lanes/grouped_image.h"
#include "plan/planner.h"

namespace normlab {

struct ImagePass {
    bool backward = false;  // the data gradient, from op.diffDst to op.diffSrc
    int src = -1, weights = -1, bias = -1, dst = -1, packed = -1;
    GroupedImage written;
    std::optional<SampleWork> epilogue;  // work on samples just written

    const float* biasOf(const RunContext& run) const { return bias < 0 ? nullptr : run.at<float>(bias); }
};

ImagePass imagePass(bool backward, const Value& src, const Value& dst);

// What the loops of a convolution do in such a pass, for a range whose last element is excluded.
struct ImageLoops {
    using Range = std::function<void(const RunContext&, const ImagePass&, int64_t first, int64_t last)>;

    int64_t groups = 0, packedFloats = 0;  // of the packed kernel
    int64_t unitsOfSample = 0;  // of the written images; those of a sample are adjacent
    Range pack;  // groups of the kernel
    Range write;  // units of all samples
};

// Adds the pass of `op` as a step. Threads share groups and units.
void addImagePass(Planner& plan, const Instruction& op, const std::string& label, ImagePass pass,
                  const ImageLoops& loops);

}  // namespace normlab
