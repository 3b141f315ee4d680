// Sums over the values of each channel, in double, for exact statistics and the gradients of our normalizations. The
// order of a sum depends on the shape alone, never on the number of threads.
#pragma once

#include "kernels/channels/channel_strips.h"

namespace normlab {

// Per group of samples and channel (padded): sums[2 * group + k][channel].
class ChannelSums {
   public:
    ChannelSums(const Strips& strips, std::vector<SampleRange> groups);

    size_t scratchBytes() const;
    // sum x and sum x*x of each group. `scratch` has scratchBytes(); the result is written to its beginning.
    void moments(const void* src, bool bf16, double* scratch) const;
    // sum dy and sum dy*(x - mean) of each group; mean[group * meanStride + channel].
    void projections(const void* src, const void* diffDst, bool bf16, const float* mean, int64_t meanStride,
                     double* scratch) const;

    const Strips& strips() const { return strips_; }
    const std::vector<SampleRange>& groups() const { return groups_; }
    int64_t valuesOf(size_t group) const {
        return (groups_[group].last - groups_[group].first) * strips_.layout.pixels;
    }

   private:
    struct Part {
        int64_t group;
        SampleRange samples;
    };
    template <typename Sum>
    void gather(double* scratch, Sum sum) const;

    Strips strips_;
    std::vector<SampleRange> groups_;
    std::vector<Part> parts_;
};

// Mean and biased variance of `count` values from their sum and the sum of their squares. In double the difference has
// float precision as long as the mean is below about 10,000 standard deviations.
inline void meanAndVariance(double sum, double squares, double count, double& mean, double& variance) {
    mean = sum / count;
    variance = std::max(0.0, (squares - sum * mean) / count);
    if (!(squares - sum * mean == squares - sum * mean)) variance = squares - sum * mean;  // NaN stays NaN
}

}  // namespace normlab
