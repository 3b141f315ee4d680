// Softmax over the channels c, at each pixel:
//   forward   y[c] = exp(x[c] - max x) / sum exp(x - max x)
//   backward  dx[c] = y[c] * (dy[c] - sum y*dy)
// One pass for the maximum, one for the sum, one for the output, in the layout of the source. Sums are in f32 over at
// most a few thousand channels.
#include <cmath>
#include <limits>

#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"
#include "ops/shared/sample_rows.h"

namespace normlab {
namespace {

template <typename Visit>
NORMLAB_INLINE void forRows(const SampleRows& rows, Visit visit) {
    for (int64_t r = 0; r < rows.rows; ++r) visit(rows.row(r));
}

template <typename T>
NORMLAB_INLINE void softmaxSample(const T* src, T* dst, const SampleRows& rows, float* largest, float* sums) {
    const int64_t step = rows.alongChannels ? 0 : 1;
    for (int64_t p = 0; p < rows.runs.pixels; ++p) {
        largest[p] = -std::numeric_limits<float>::infinity();
        sums[p] = 0;
    }
    forRows(rows, [&](const Row& row) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < row.count; ++i) {
            float& most = largest[row.pixel + i * step];
            most = std::max(most, toFloat(src[row.at + i]));
        }
    });
    forRows(rows, [&](const Row& row) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < row.count; ++i) {
            const int64_t p = row.pixel + i * step;
            sums[p] += std::exp(toFloat(src[row.at + i]) - largest[p]);
        }
    });
    forRows(rows, [&](const Row& row) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < row.count; ++i) {
            const int64_t p = row.pixel + i * step;
            dst[row.at + i] = fromFloat<T>(std::exp(toFloat(src[row.at + i]) - largest[p]) / sums[p]);
        }
        zeroPadding(dst + row.at, row);
    });
}

template <typename T>
NORMLAB_INLINE void softmaxSampleBackward(const T* dst, const T* diffDst, T* diffSrc, const SampleRows& rows,
                                          float* sums) {
    const int64_t step = rows.alongChannels ? 0 : 1;
    for (int64_t p = 0; p < rows.runs.pixels; ++p) sums[p] = 0;
    forRows(rows, [&](const Row& row) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < row.count; ++i)
            sums[row.pixel + i * step] += toFloat(dst[row.at + i]) * toFloat(diffDst[row.at + i]);
    });
    forRows(rows, [&](const Row& row) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < row.count; ++i) {
            const float own = toFloat(diffDst[row.at + i]) - sums[row.pixel + i * step];
            diffSrc[row.at + i] = fromFloat<T>(toFloat(dst[row.at + i]) * own);
        }
        zeroPadding(diffSrc + row.at, row);
    });
}

NORMLAB_BY_LEVEL(void, softmaxF32, (const float* src, float* dst, const SampleRows& rows, float* largest, float* sums),
                 (src, dst, rows, largest, sums), { softmaxSample(src, dst, rows, largest, sums); })
NORMLAB_BY_LEVEL(void, softmaxBf16, (const Bf16* src, Bf16* dst, const SampleRows& rows, float* largest, float* sums),
                 (src, dst, rows, largest, sums), { softmaxSample(src, dst, rows, largest, sums); })
NORMLAB_BY_LEVEL(void, softmaxBackF32,
                 (const float* dst, const float* diffDst, float* diffSrc, const SampleRows& rows, float* sums),
                 (dst, diffDst, diffSrc, rows, sums), { softmaxSampleBackward(dst, diffDst, diffSrc, rows, sums); })
NORMLAB_BY_LEVEL(void, softmaxBackBf16,
                 (const Bf16* dst, const Bf16* diffDst, Bf16* diffSrc, const SampleRows& rows, float* sums),
                 (dst, diffDst, diffSrc, rows, sums), { softmaxSampleBackward(dst, diffDst, diffSrc, rows, sums); })

}  // namespace

void planSoftmaxForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a softmax has another shape");
    const Value src = inRows(plan, op.src);
    const Value dst = plan.write(op.dst, src.desc);
    const SampleRows rows = sampleRowsOf(src.desc);
    const int64_t pixels = rows.runs.pixels;
    const Value room = plan.scratch(plainDesc({rows.runs.samples, 2 * pixels}, DataType::f32));
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.mayOverlay(dst, src);
    plan.addKernel(
        "softmaxForward " + op.node, {src.buffer, dst.buffer, room.buffer},
        [=, from = src.buffer, to = dst.buffer, scratch = room.buffer](const RunContext& run) {
#pragma omp parallel for schedule(static)
            for (int64_t n = 0; n < rows.runs.samples; ++n) {
                const int64_t at = n * rows.runs.sampleStride;
                float* largest = run.at<float>(scratch) + 2 * n * pixels;
                if (bf16) {
                    softmaxBf16(run.at<Bf16>(from) + at, run.at<Bf16>(to) + at, rows, largest, largest + pixels);
                } else {
                    softmaxF32(run.at<float>(from) + at, run.at<float>(to) + at, rows, largest, largest + pixels);
                }
            }
        });
}

void planSoftmaxBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.dst) && plan.dims(op.diffSrc) == plan.dims(op.dst),
           "the gradient of a softmax has another shape");
    const Value dst = inRows(plan, op.dst);
    const Value diffDst = plan.read(op.diffDst, dst.desc);
    const Value diffSrc = plan.write(op.diffSrc, dst.desc);
    const SampleRows rows = sampleRowsOf(dst.desc);
    const int64_t pixels = rows.runs.pixels;
    const Value room = plan.scratch(plainDesc({rows.runs.samples, pixels}, DataType::f32));
    const bool bf16 = compat::typeOf(dst.desc) == DataType::bf16;
    const std::vector<int> touched = {dst.buffer, diffDst.buffer, diffSrc.buffer, room.buffer};
    plan.mayOverlay(diffSrc, diffDst);
    plan.addKernel("softmaxBackward " + op.node, touched, [=](const RunContext& run) {
#pragma omp parallel for schedule(static)
        for (int64_t n = 0; n < rows.runs.samples; ++n) {
            const int64_t at = n * rows.runs.sampleStride;
            float* sums = run.at<float>(touched[3]) + n * pixels;
            if (bf16) {
                softmaxBackBf16(run.at<Bf16>(touched[0]) + at, run.at<Bf16>(touched[1]) + at,
                                run.at<Bf16>(touched[2]) + at, rows, sums);
            } else {
                softmaxBackF32(run.at<float>(touched[0]) + at, run.at<float>(touched[1]) + at,
                               run.at<float>(touched[2]) + at, rows, sums);
            }
        }
    });
}

}  // namespace normlab
