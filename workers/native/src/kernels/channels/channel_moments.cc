#include "kernels/channels/channel_moments.h"

#include "base/bf16.h"
#include "kernels/lanes/multiversion.h"

namespace normlab {
namespace {

// Parts of a batch, so that threads can share the work.
constexpr int64_t kPieces = 16;

// Two sums over a strip, per lane.
struct LaneSums {
    double first[kLanes] = {}, second[kLanes] = {};
};

template <typename T>
NORMLAB_INLINE void sumMoments(const T* src, const Strips& s, int64_t strip, SampleRange samples, LaneSums& out) {
    double first[kLanes] = {}, second[kLanes] = {};
    eachRow(s, strip, samples, [&](int64_t at, auto lanes) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < lanes; ++i) {
            const double x = toFloat(src[at + i]);
            first[i] += x;
            second[i] += x * x;
        }
    });
    std::copy(first, first + kLanes, out.first);
    std::copy(second, second + kLanes, out.second);
}

template <typename T>
NORMLAB_INLINE void sumProjections(const T* src, const T* diffDst, const float* mean, const Strips& s, int64_t strip,
                                   SampleRange samples, LaneSums& out) {
    double first[kLanes] = {}, second[kLanes] = {};
    float centre[kLanes];
    toLanes(s, strip, mean, centre);
    eachRow(s, strip, samples, [&](int64_t at, auto lanes) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < lanes; ++i) {
            const double dy = toFloat(diffDst[at + i]);
            first[i] += dy;
            second[i] += dy * static_cast<double>(toFloat(src[at + i]) - centre[i]);
        }
    });
    std::copy(first, first + kLanes, out.first);
    std::copy(second, second + kLanes, out.second);
}

NORMLAB_BY_LEVEL(void, momentsF32,
                 (const float* src, const Strips& s, int64_t strip, SampleRange samples, LaneSums& out),
                 (src, s, strip, samples, out), { sumMoments(src, s, strip, samples, out); })

NORMLAB_BY_LEVEL(void, momentsBf16,
                 (const Bf16* src, const Strips& s, int64_t strip, SampleRange samples, LaneSums& out),
                 (src, s, strip, samples, out), { sumMoments(src, s, strip, samples, out); })

NORMLAB_BY_LEVEL(void, projectionsF32,
                 (const float* src, const float* diffDst, const float* mean, const Strips& s, int64_t strip,
                  SampleRange samples, LaneSums& out),
                 (src, diffDst, mean, s, strip, samples, out),
                 { sumProjections(src, diffDst, mean, s, strip, samples, out); })

NORMLAB_BY_LEVEL(void, projectionsBf16,
                 (const Bf16* src, const Bf16* diffDst, const float* mean, const Strips& s, int64_t strip,
                  SampleRange samples, LaneSums& out),
                 (src, diffDst, mean, s, strip, samples, out),
                 { sumProjections(src, diffDst, mean, s, strip, samples, out); })

// Reduces lane sums to channel sums: in runs all lanes belong to one channel.
void store(const Strips& s, int64_t strip, const LaneSums& sums, double* first, double* second) {
    if (!s.runs) {
        std::copy(sums.first, sums.first + s.lanes(strip), first + strip * s.width);
        std::copy(sums.second, sums.second + s.lanes(strip), second + strip * s.width);
        return;
    }
    first[strip] = second[strip] = 0;
    for (int64_t i = 0; i < kLanes; ++i) {
        first[strip] += sums.first[i];
        second[strip] += sums.second[i];
    }
}

}  // namespace

ChannelSums::ChannelSums(const Strips& strips, std::vector<SampleRange> groups)
    : strips_(strips), groups_(std::move(groups)) {
    const int64_t groupCount = static_cast<int64_t>(groups_.size());
    const int64_t wanted = std::max<int64_t>(1, kPieces / groupCount);
    for (int64_t g = 0; g < groupCount; ++g) {
        const SampleRange group = groups_[static_cast<size_t>(g)];
        const int64_t samples = group.last - group.first, pieces = std::min(wanted, samples);
        for (int64_t piece = 0; piece < pieces; ++piece) {
            parts_.push_back(
                {g, {group.first + samples * piece / pieces, group.first + samples * (piece + 1) / pieces}});
        }
    }
}

size_t ChannelSums::scratchBytes() const {
    return (groups_.size() + parts_.size()) * 2 * static_cast<size_t>(strips_.padded) * sizeof(double);
}

template <typename Sum>
void ChannelSums::gather(double* scratch, Sum sum) const {
    const int64_t padded = strips_.padded, parts = static_cast<int64_t>(parts_.size());
    double* partial = scratch + static_cast<int64_t>(groups_.size()) * 2 * padded;
#pragma omp parallel for collapse(2) schedule(static)
    for (int64_t part = 0; part < parts; ++part) {
        for (int64_t strip = 0; strip < strips_.count; ++strip) {
            LaneSums sums;
            sum(parts_[static_cast<size_t>(part)], strip, sums);
            store(strips_, strip, sums, partial + 2 * part * padded, partial + (2 * part + 1) * padded);
        }
    }
    std::fill(scratch, partial, 0.0);
    for (int64_t part = 0; part < parts; ++part) {
        double* total = scratch + 2 * parts_[static_cast<size_t>(part)].group * padded;
        for (int64_t i = 0; i < 2 * padded; ++i) total[i] += partial[2 * part * padded + i];
    }
}

void ChannelSums::moments(const void* src, bool bf16, double* scratch) const {
    gather(scratch, [&](const Part& part, int64_t strip, LaneSums& sums) {
        if (bf16) {
            momentsBf16(static_cast<const Bf16*>(src), strips_, strip, part.samples, sums);
        } else {
            momentsF32(static_cast<const float*>(src), strips_, strip, part.samples, sums);
        }
    });
}

void ChannelSums::projections(const void* src, const void* diffDst, bool bf16, const float* mean, int64_t meanStride,
                              double* scratch) const {
    gather(scratch, [&](const Part& part, int64_t strip, LaneSums& sums) {
        const float* centre = mean + part.group * meanStride;
        if (bf16) {
            projectionsBf16(static_cast<const Bf16*>(src), static_cast<const Bf16*>(diffDst), centre, strips_, strip,
                            part.samples, sums);
        } else {
            projectionsF32(static_cast<const float*>(src), static_cast<const float*>(diffDst), centre, strips_, strip,
                           part.samples, sums);
        }
    });
}

}  // namespace normlab
