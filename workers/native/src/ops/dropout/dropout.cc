// Dropout: y = kept ? x / (1 - rate) : 0, and dx from dy in the same way. The mask is a hash of (step key, salt,
// canonical element index), identical bit for bit to core/program/dropoutHash.ts. The backward pass computes it again,
// so that nothing is saved; forward and backward are the same kernel.
#include <cmath>

#include "base/bf16.h"
#include "ops/dropout/dropout_hash.h"
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

struct Draw {
    uint32_t key = 0;
    uint64_t threshold = 0;  // 2^32 when everything is dropped
    float scale = 0;
};

// `count` adjacent elements; their canonical indices begin at `first` and increase by `step`.
template <typename T>
inline void dropRun(const T* src, T* dst, int64_t count, uint32_t first, uint32_t step, const Draw& draw) {
    for (int64_t i = 0; i < count; ++i) {
        const uint32_t index = first + static_cast<uint32_t>(i) * step;
        const uint32_t hash = dropoutHash(draw.key, index);
        dst[i] = hash >= draw.threshold ? fromFloat<T>(toFloat(src[i]) * draw.scale) : fromFloat<T>(0.0F);
    }
}

// Sample n of a tensor in any channel layout; padded channels are written as zeros.
template <typename T>
inline void dropSample(const T* src, T* dst, const ChannelLayout& layout, int64_t n, const Draw& draw) {
    const int64_t pixels = layout.pixels, base = n * layout.channels * pixels;
    if (layout.block == 1 && layout.pixelStride == 1) {
        for (int64_t c = 0; c < layout.channels; ++c) {
            const int64_t at = layout.at(n, c, 0);
            dropRun(src + at, dst + at, pixels, static_cast<uint32_t>(base + c * pixels), 1, draw);
        }
        return;
    }
    const bool inRow = layout.block == 1 && layout.blockStride == 1;
    const int64_t run = inRow ? layout.channels : layout.block;
    for (int64_t first = 0; first < layout.channels; first += run) {
        const int64_t count = std::min(run, layout.channels - first);
        for (int64_t p = 0; p < pixels; ++p) {
            const int64_t at = layout.at(n, first, p);
            dropRun(src + at, dst + at, count, static_cast<uint32_t>(base + first * pixels + p),
                    static_cast<uint32_t>(pixels), draw);
            for (int64_t i = count; i < run; ++i) dst[at + i] = fromFloat<T>(0.0F);
        }
    }
}

NORMLAB_BY_LEVEL(void, dropSampleF32,
                 (const float* src, float* dst, const ChannelLayout& layout, int64_t n, const Draw& draw),
                 (src, dst, layout, n, draw), { dropSample(src, dst, layout, n, draw); })

NORMLAB_BY_LEVEL(void, dropSampleBf16,
                 (const Bf16* src, Bf16* dst, const ChannelLayout& layout, int64_t n, const Draw& draw),
                 (src, dst, layout, n, draw), { dropSample(src, dst, layout, n, draw); })

}  // namespace

void planDropout(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a dropout has another shape");
    demand(op.rate >= 0 && op.rate < 1, "the rate of a dropout must be at least 0 and below 1");
    const Value have = plan.at(op.src);
    const Value src = channelLayoutOf(have.desc) ? have : plan.readPlain(op.src, compat::typeOf(have.desc));
    const Value dst = plan.write(op.dst, src.desc);
    const ChannelLayout layout = *channelLayoutOf(src.desc);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    Draw draw;
    draw.threshold = static_cast<uint64_t>(std::floor(op.rate * 4294967296.0));
    draw.scale = static_cast<float>(1 / (1 - op.rate));
    plan.mayOverlay(dst, src);
    plan.addKernel("dropout " + op.node, {src.buffer, dst.buffer},
                   [=, salt = op.salt, from = src.buffer, to = dst.buffer](const RunContext& run) {
                       Draw now = draw;
                       now.key = dropoutKey(run.scalars.randomKey, salt);
#pragma omp parallel for schedule(static)
                       for (int64_t n = 0; n < layout.samples; ++n) {
                           if (bf16) {
                               dropSampleBf16(run.at<Bf16>(from), run.at<Bf16>(to), layout, n, now);
                           } else {
                               dropSampleF32(run.at<float>(from), run.at<float>(to), layout, n, now);
                           }
                       }
                   });
}

}  // namespace normlab
