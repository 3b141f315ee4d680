// Dropout of whole channels or whole samples (stochastic depth): y = kept ? x / (1 - rate) : 0, and dx from dy in the
// same way. The mask is a hash of (step key, salt, n * C + c or n), identical bit for bit to
// core/program/dropoutHash.ts. Forward and backward are the same kernel; nothing is saved.
#include <cmath>

#include "ops/dropout/dropout_hash.h"
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"
#include "ops/shared/sample_rows.h"

namespace normlab {
namespace {

struct ChannelDraw {
    uint32_t key = 0;
    uint64_t threshold = 0;  // 2^32 when everything is dropped
    float scale = 0;
    bool ofSamples = false;  // all channels of a sample are kept or dropped together
};

NORMLAB_INLINE float factorOf(int64_t channel, const ChannelDraw& draw) {
    return dropoutHash(draw.key, static_cast<uint32_t>(channel)) >= draw.threshold ? draw.scale : 0.0F;
}

template <typename T>
NORMLAB_INLINE void scaleRow(const T* src, T* dst, int64_t count, const float* factors, float factor) {
    if (factors != nullptr) {
#pragma omp simd
        for (int64_t i = 0; i < count; ++i)
            dst[i] = factors[i] == 0 ? fromFloat<T>(0.0F) : fromFloat<T>(toFloat(src[i]) * factors[i]);
    } else {
#pragma omp simd
        for (int64_t i = 0; i < count; ++i)
            dst[i] = factor == 0 ? fromFloat<T>(0.0F) : fromFloat<T>(toFloat(src[i]) * factor);
    }
}

// Sample n; `factors`: space for one factor per channel.
template <typename T>
NORMLAB_INLINE void dropChannels(const T* src, T* dst, const SampleRows& rows, int64_t n, float* factors,
                                 const ChannelDraw& draw) {
    const ChannelRuns& runs = rows.runs;
    for (int64_t c = 0; c < runs.channels; ++c) factors[c] = factorOf(draw.ofSamples ? n : n * runs.channels + c, draw);
    const int64_t base = n * runs.sampleStride;
    for (int64_t r = 0; r < rows.rows; ++r) {
        const Row row = rows.row(r);
        const float* along = rows.alongChannels ? factors + row.channel : nullptr;
        scaleRow(src + base + row.at, dst + base + row.at, row.count, along, factors[row.channel]);
        zeroPadding(dst + base + row.at, row);
    }
}

NORMLAB_BY_LEVEL(void, dropChannelsF32,
                 (const float* src, float* dst, const SampleRows& rows, int64_t n, float* factors,
                  const ChannelDraw& draw),
                 (src, dst, rows, n, factors, draw), { dropChannels(src, dst, rows, n, factors, draw); })

NORMLAB_BY_LEVEL(void, dropChannelsBf16,
                 (const Bf16* src, Bf16* dst, const SampleRows& rows, int64_t n, float* factors,
                  const ChannelDraw& draw),
                 (src, dst, rows, n, factors, draw), { dropChannels(src, dst, rows, n, factors, draw); })

void planDrop(Planner& plan, const Instruction& op, const std::string& name, bool ofSamples) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a dropout has another shape");
    demand(op.rate >= 0 && op.rate < 1, "the rate of a dropout must be at least 0 and below 1");
    const Value src = inRows(plan, op.src);
    const Value dst = plan.write(op.dst, src.desc);
    const SampleRows rows = sampleRowsOf(src.desc);
    const int64_t channels = rows.runs.channels;
    const Value factors = plan.scratch(plainDesc({rows.runs.samples, channels}, DataType::f32));
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    ChannelDraw draw;
    draw.threshold = static_cast<uint64_t>(std::floor(op.rate * 4294967296.0));
    draw.scale = static_cast<float>(1 / (1 - op.rate));
    draw.ofSamples = ofSamples;
    plan.mayOverlay(dst, src);
    plan.addKernel(
        name + " " + op.node, {src.buffer, dst.buffer, factors.buffer},
        [=, salt = op.salt, from = src.buffer, to = dst.buffer, room = factors.buffer](const RunContext& run) {
            ChannelDraw now = draw;
            now.key = dropoutKey(run.scalars.randomKey, salt);
#pragma omp parallel for schedule(static)
            for (int64_t n = 0; n < rows.runs.samples; ++n) {
                float* own = run.at<float>(room) + n * channels;
                if (bf16) {
                    dropChannelsBf16(run.at<Bf16>(from), run.at<Bf16>(to), rows, n, own, now);
                } else {
                    dropChannelsF32(run.at<float>(from), run.at<float>(to), rows, n, own, now);
                }
            }
        });
}

}  // namespace

void planChannelDropout(Planner& plan, const Instruction& op) {
    planDrop(plan, op, "channelDropout", false);
}

void planSampleDropout(Planner& plan, const Instruction& op) {
    planDrop(plan, op, "sampleDropout", true);
}

}  // namespace normlab
