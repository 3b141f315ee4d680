// PReLU (He et al. 2015), with one slope a per channel or one for all:
//   forward   y = x > 0 ? x : a*x
//   backward  dx = x > 0 ? dy : a*dy ; da = sum of (x > 0 ? 0 : dy*x)
// It works in any layout of the source. The gradient of a slope is summed per sample, then over the samples in order,
// so that the result does not depend on the number of threads.
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"
#include "ops/shared/sample_rows.h"

namespace normlab {
namespace {

struct Slopes {
    const float* values = nullptr;
    bool shared = false;

    NORMLAB_INLINE float of(int64_t channel) const { return values[shared ? 0 : channel]; }
};

// `kAlong`: each value of the row has its own slope.
template <bool kAlong, typename T>
NORMLAB_INLINE void preluRow(const T* src, T* dst, int64_t count, const float* slopes) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const float x = toFloat(src[i]);
        dst[i] = fromFloat<T>(x > 0 ? x : slopes[kAlong ? i : 0] * x);
    }
}

template <typename T>
NORMLAB_INLINE void preluSample(const T* src, T* dst, const SampleRows& rows, const Slopes& slopes) {
    for (int64_t r = 0; r < rows.rows; ++r) {
        const Row row = rows.row(r);
        const float* own = slopes.values + (slopes.shared ? 0 : row.channel);
        if (rows.alongChannels && !slopes.shared) {
            preluRow<true>(src + row.at, dst + row.at, row.count, own);
        } else {
            preluRow<false>(src + row.at, dst + row.at, row.count, own);
        }
        zeroPadding(dst + row.at, row);
    }
}

// `diffSrc` may be null. `sums`: gradients of the slopes, for each channel of the sample.
template <bool kAlong, typename T>
NORMLAB_INLINE void preluRowBackward(const T* src, const T* diffDst, T* diffSrc, int64_t count, const float* slopes,
                                     float* sums) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (int64_t i = 0; i < count; ++i) {
        const float x = toFloat(src[i]), dy = toFloat(diffDst[i]);
        const float cut = x > 0 ? 0.0F : dy * x;
        if (kAlong) sums[i] += cut;
        total += cut;
    }
    if (!kAlong) sums[0] += total;
    if (diffSrc == nullptr) return;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const float dy = toFloat(diffDst[i]);
        diffSrc[i] = fromFloat<T>(toFloat(src[i]) > 0 ? dy : slopes[kAlong ? i : 0] * dy);
    }
}

template <typename T>
NORMLAB_INLINE void preluSampleBackward(const T* src, const T* diffDst, T* diffSrc, const SampleRows& rows,
                                        const Slopes& slopes, float* sums) {
    for (int64_t c = 0; c < rows.runs.channels; ++c) sums[c] = 0;
    for (int64_t r = 0; r < rows.rows; ++r) {
        const Row row = rows.row(r);
        T* into = diffSrc == nullptr ? nullptr : diffSrc + row.at;
        const float* own = slopes.values + (slopes.shared ? 0 : row.channel);
        if (rows.alongChannels && !slopes.shared) {
            preluRowBackward<true>(src + row.at, diffDst + row.at, into, row.count, own, sums + row.channel);
        } else {
            preluRowBackward<false>(src + row.at, diffDst + row.at, into, row.count, own, sums + row.channel);
        }
        if (into != nullptr) zeroPadding(into, row);
    }
}

NORMLAB_BY_LEVEL(void, preluF32, (const float* src, float* dst, const SampleRows& rows, const Slopes& slopes),
                 (src, dst, rows, slopes), { preluSample(src, dst, rows, slopes); })
NORMLAB_BY_LEVEL(void, preluBf16, (const Bf16* src, Bf16* dst, const SampleRows& rows, const Slopes& slopes),
                 (src, dst, rows, slopes), { preluSample(src, dst, rows, slopes); })
NORMLAB_BY_LEVEL(void, preluBackwardF32,
                 (const float* src, const float* diffDst, float* diffSrc, const SampleRows& rows, const Slopes& slopes,
                  float* sums),
                 (src, diffDst, diffSrc, rows, slopes, sums),
                 { preluSampleBackward(src, diffDst, diffSrc, rows, slopes, sums); })
NORMLAB_BY_LEVEL(void, preluBackwardBf16,
                 (const Bf16* src, const Bf16* diffDst, Bf16* diffSrc, const SampleRows& rows, const Slopes& slopes,
                  float* sums),
                 (src, diffDst, diffSrc, rows, slopes, sums),
                 { preluSampleBackward(src, diffDst, diffSrc, rows, slopes, sums); })

// Sums over all samples, per channel; over all channels where they share a slope.
void addUpSlopes(const float* sums, float* diffSlopes, const ChannelRuns& runs, bool shared) {
    double all = 0;
    for (int64_t c = 0; c < runs.channels; ++c) {
        double total = 0;
        for (int64_t n = 0; n < runs.samples; ++n) total += sums[n * runs.channels + c];
        if (!shared) diffSlopes[c] = static_cast<float>(total);
        all += total;
    }
    if (shared) diffSlopes[0] = static_cast<float>(all);
}

// One slope per channel or one for all; [1] for a single channel is both.
bool isShared(const Planner& plan, const Instruction& op) {
    const Dims slopes = plan.dims(op.weights);
    const int64_t channels = plan.dims(op.src)[1];
    demand(slopes == Dims{1} || slopes == Dims{channels}, "a PReLU needs one slope, or one for each channel");
    return slopes == Dims{1};
}

}  // namespace

void planPreluForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a PReLU has another shape");
    const bool shared = isShared(plan, op);
    const Value src = inRows(plan, op.src);
    const Value dst = plan.write(op.dst, src.desc);
    const Value slopes = plan.at(op.weights);
    const SampleRows rows = sampleRowsOf(src.desc);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.mayOverlay(dst, src);
    plan.addKernel("preluForward " + op.node, {src.buffer, dst.buffer, slopes.buffer},
                   [=, from = src.buffer, to = dst.buffer, by = slopes.buffer](const RunContext& run) {
                       const Slopes own = {run.at<float>(by), shared};
#pragma omp parallel for schedule(static)
                       for (int64_t n = 0; n < rows.runs.samples; ++n) {
                           const int64_t at = n * rows.runs.sampleStride;
                           if (bf16) {
                               preluBf16(run.at<Bf16>(from) + at, run.at<Bf16>(to) + at, rows, own);
                           } else {
                               preluF32(run.at<float>(from) + at, run.at<float>(to) + at, rows, own);
                           }
                       }
                   });
}

void planPreluBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.src), "the gradient of a PReLU has another shape");
    const bool shared = isShared(plan, op);
    const Value src = inRows(plan, op.src);
    const Value diffDst = plan.read(op.diffDst, src.desc);
    const SampleRows rows = sampleRowsOf(src.desc);
    const ChannelRuns& runs = rows.runs;
    const Value sums = plan.scratch(plainDesc({runs.samples, runs.channels}, DataType::f32));
    std::vector<int> touched = {src.buffer, diffDst.buffer, plan.at(op.weights).buffer, sums.buffer};
    const auto output = [&](int tensor, const Md& desc) {
        if (tensor == kNone) return kNone;
        touched.push_back(plan.write(tensor, desc).buffer);
        return touched.back();
    };
    const int to = output(op.diffSrc, src.desc);
    const int bySlope = output(op.diffWeights, plainDesc(plan.dims(op.weights), DataType::f32));
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    if (to != kNone) plan.mayOverlay({src.desc, to}, diffDst);
    plan.addKernel("preluBackward " + op.node, touched, [=](const RunContext& run) {
        const Slopes own = {run.at<float>(touched[2]), shared};
        float* partial = run.at<float>(touched[3]);
#pragma omp parallel for schedule(static)
        for (int64_t n = 0; n < rows.runs.samples; ++n) {
            const int64_t at = n * rows.runs.sampleStride;
            float* sum = partial + n * rows.runs.channels;
            if (bf16) {
                preluBackwardBf16(run.at<Bf16>(touched[0]) + at, run.at<Bf16>(touched[1]) + at,
                                  to == kNone ? nullptr : run.at<Bf16>(to) + at, rows, own, sum);
            } else {
                preluBackwardF32(run.at<float>(touched[0]) + at, run.at<float>(touched[1]) + at,
                                 to == kNone ? nullptr : run.at<float>(to) + at, rows, own, sum);
            }
        }
        if (bySlope != kNone) addUpSlopes(partial, run.at<float>(bySlope), rows.runs, shared);
    });
}

}  // namespace normlab
