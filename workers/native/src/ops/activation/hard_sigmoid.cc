// HardSigmoid with PyTorch's slope, which oneDNN has only from 3.0 on:
//   forward   y = clip(x/6 + 1/2, 0, 1)
//   backward  dx = -3 < x < 3 ? dy/6 : 0
// It works in any layout of the source.
#include "ops/activation/hard_sigmoid.h"

#include "kernels/lanes/multiversion.h"
#include "ops/shared/sample_rows.h"

namespace normlab {
namespace {

constexpr float kSlope = 1.0F / 6.0F;

template <typename T>
NORMLAB_INLINE void forwardSample(const T* src, T* dst, const SampleRows& rows) {
    for (int64_t r = 0; r < rows.rows; ++r) {
        const Row row = rows.row(r);
        const T* from = src + row.at;
        T* to = dst + row.at;
#pragma omp simd
        for (int64_t i = 0; i < row.count; ++i) {
            const float y = toFloat(from[i]) * kSlope + 0.5F;
            to[i] = fromFloat<T>(y < 0 ? 0.0F : y > 1 ? 1.0F : y);
        }
        zeroPadding(to, row);
    }
}

template <typename T>
NORMLAB_INLINE void backwardSample(const T* src, const T* diffDst, T* diffSrc, const SampleRows& rows) {
    for (int64_t r = 0; r < rows.rows; ++r) {
        const Row row = rows.row(r);
        const T *from = src + row.at, *dy = diffDst + row.at;
        T* to = diffSrc + row.at;
#pragma omp simd
        for (int64_t i = 0; i < row.count; ++i) {
            const float x = toFloat(from[i]);
            to[i] = fromFloat<T>(x > -3 && x < 3 ? toFloat(dy[i]) * kSlope : 0.0F);
        }
        zeroPadding(to, row);
    }
}

NORMLAB_BY_LEVEL(void, forwardF32, (const float* src, float* dst, const SampleRows& rows), (src, dst, rows),
                 { forwardSample(src, dst, rows); })
NORMLAB_BY_LEVEL(void, forwardBf16, (const Bf16* src, Bf16* dst, const SampleRows& rows), (src, dst, rows),
                 { forwardSample(src, dst, rows); })
NORMLAB_BY_LEVEL(void, backwardF32, (const float* src, const float* diffDst, float* diffSrc, const SampleRows& rows),
                 (src, diffDst, diffSrc, rows), { backwardSample(src, diffDst, diffSrc, rows); })
NORMLAB_BY_LEVEL(void, backwardBf16, (const Bf16* src, const Bf16* diffDst, Bf16* diffSrc, const SampleRows& rows),
                 (src, diffDst, diffSrc, rows), { backwardSample(src, diffDst, diffSrc, rows); })

}  // namespace

void planHardSigmoidForward(Planner& plan, const Instruction& op) {
    const Value src = inRows(plan, op.src);
    const Value dst = plan.write(op.dst, src.desc);
    const SampleRows rows = sampleRowsOf(src.desc);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.mayOverlay(dst, src);
    plan.addKernel("activationForward " + op.node, {src.buffer, dst.buffer},
                   [=, from = src.buffer, to = dst.buffer](const RunContext& run) {
#pragma omp parallel for schedule(static)
                       for (int64_t n = 0; n < rows.runs.samples; ++n) {
                           const int64_t at = n * rows.runs.sampleStride;
                           if (bf16) {
                               forwardBf16(run.at<Bf16>(from) + at, run.at<Bf16>(to) + at, rows);
                           } else {
                               forwardF32(run.at<float>(from) + at, run.at<float>(to) + at, rows);
                           }
                       }
                   });
}

void planHardSigmoidBackward(Planner& plan, const Instruction& op) {
    const Value src = inRows(plan, op.src);
    const Value diffDst = plan.read(op.diffDst, src.desc);
    const Value diffSrc = plan.write(op.diffSrc, src.desc);
    const SampleRows rows = sampleRowsOf(src.desc);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.mayOverlay(diffSrc, diffDst);
    plan.addKernel(
        "activationBackward " + op.node, {src.buffer, diffDst.buffer, diffSrc.buffer},
        [=, from = src.buffer, dy = diffDst.buffer, to = diffSrc.buffer](const RunContext& run) {
#pragma omp parallel for schedule(static)
            for (int64_t n = 0; n < rows.runs.samples; ++n) {
                const int64_t at = n * rows.runs.sampleStride;
                if (bf16) {
                    backwardBf16(run.at<Bf16>(from) + at, run.at<Bf16>(dy) + at, run.at<Bf16>(to) + at, rows);
                } else {
                    backwardF32(run.at<float>(from) + at, run.at<float>(dy) + at, run.at<float>(to) + at, rows);
                }
            }
        });
}

}  // namespace normlab
