// Products of whole tensors and gates. Whole tensors use the layout of the first; gates (one value per channel, pixel
// or sample) are canonical. A row is a run of adjacent values: the pixels of a channel, or the channels of a pixel.
// Along a row a source has either its own values or one value for all. Products and sums are f32.
#include <vector>

#include "base/bf16.h"
#include "kernels/channels/channel_runs.h"
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

enum class Spread { whole, perChannel, perPixel, perSample };

struct Factor {
    Spread spread = Spread::whole;
    int buffer = -1;
};

struct Product {
    ChannelRuns runs;
    bool planar = false;  // rows are pixels of one channel
    std::vector<Factor> factors;

    int64_t rowsPerSample() const { return runs.chunks * (planar ? 1 : runs.pixels); }
    int64_t longestRow() const { return planar ? runs.pixels : runs.run; }
};

// One row of the product: its position, and the number of its values that are not padding.
struct Row {
    int64_t chunk, pixel, offset, count;
};

Row rowAt(const Product& product, int64_t n, int64_t index) {
    const ChannelRuns& runs = product.runs;
    if (product.planar) return {index, 0, runs.at(n, index, 0), runs.pixels};
    const int64_t chunk = index / runs.pixels, pixel = index % runs.pixels;
    return {chunk, pixel, runs.at(n, chunk, pixel), runs.channelsIn(chunk)};
}

// Values of a source along a row: `step` is 1, or 0 for one value for all.
struct Line {
    int64_t offset, step;
};

Line lineOf(const Product& product, Spread spread, int64_t n, const Row& row) {
    const ChannelRuns& runs = product.runs;
    switch (spread) {
        case Spread::whole: return {row.offset, 1};
        case Spread::perChannel: return {n * runs.channels + row.chunk * runs.run, product.planar ? 0 : 1};
        case Spread::perPixel: return {n * runs.pixels + row.pixel, product.planar ? 1 : 0};
        case Spread::perSample: break;
    }
    return {n, 0};
}

template <typename T>
inline void multiplyLine(float* out, const T* from, int64_t step, int64_t count) {
    if (step == 0) {
        const float value = toFloat(from[0]);
        for (int64_t i = 0; i < count; ++i) out[i] *= value;
        return;
    }
    for (int64_t i = 0; i < count; ++i) out[i] *= toFloat(from[i]);
}

// Multiplies all factors except `without` into `out`.
template <typename T>
inline void multiplyRow(float* out, const T* const* values, const Product& product, size_t without, int64_t n,
                        const Row& row) {
    for (size_t k = 0; k < product.factors.size(); ++k) {
        if (k == without) continue;
        const Line line = lineOf(product, product.factors[k].spread, n, row);
        multiplyLine(out, values[k] + line.offset, line.step, row.count);
    }
}

template <typename T>
inline void forwardSample(const T* const* values, T* dst, const Product& product, float* scratch, int64_t n) {
    const int64_t padded = product.planar ? product.runs.pixels : product.runs.run;
    for (int64_t index = 0; index < product.rowsPerSample(); ++index) {
        const Row row = rowAt(product, n, index);
        for (int64_t i = 0; i < row.count; ++i) scratch[i] = 1.0F;
        multiplyRow(scratch, values, product, product.factors.size(), n, row);
        for (int64_t i = 0; i < row.count; ++i) dst[row.offset + i] = fromFloat<T>(scratch[i]);
        for (int64_t i = row.count; i < padded; ++i) dst[row.offset + i] = fromFloat<T>(0.0F);
    }
}

// Number of values of factor `spread` in one sample.
int64_t valuesOf(const Product& product, Spread spread) {
    if (spread == Spread::perChannel) return product.runs.channels;
    return spread == Spread::perPixel ? product.runs.pixels : 1;
}

// The gradient of a whole factor is written directly, that of a gate is accumulated in `sums`.
template <typename T>
inline void backwardSample(const T* const* values, const T* diffDst, T* diffSrc, const Product& product, size_t factor,
                           float* scratch, float* sums, int64_t n) {
    const Spread spread = product.factors[factor].spread;
    const int64_t padded = product.planar ? product.runs.pixels : product.runs.run;
    const int64_t count = valuesOf(product, spread), base = n * count;
    for (int64_t i = 0; i < count; ++i) sums[i] = 0.0F;
    for (int64_t index = 0; index < product.rowsPerSample(); ++index) {
        const Row row = rowAt(product, n, index);
        for (int64_t i = 0; i < row.count; ++i) scratch[i] = toFloat(diffDst[row.offset + i]);
        multiplyRow(scratch, values, product, factor, n, row);
        if (spread == Spread::whole) {
            for (int64_t i = 0; i < row.count; ++i) diffSrc[row.offset + i] = fromFloat<T>(scratch[i]);
            for (int64_t i = row.count; i < padded; ++i) diffSrc[row.offset + i] = fromFloat<T>(0.0F);
            continue;
        }
        const Line line = lineOf(product, spread, n, row);
        float* into = sums + (line.offset - base);
        if (line.step == 1) {
            for (int64_t i = 0; i < row.count; ++i) into[i] += scratch[i];
        } else {
            float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
            for (int64_t i = 0; i < row.count; ++i) sum += scratch[i];
            into[0] += sum;
        }
    }
    if (spread == Spread::whole) return;
    for (int64_t i = 0; i < count; ++i) diffSrc[base + i] = fromFloat<T>(sums[i]);
}

NORMLAB_BY_LEVEL(void, forwardF32,
                 (const float* const* values, float* dst, const Product& product, float* scratch, int64_t n),
                 (values, dst, product, scratch, n), { forwardSample(values, dst, product, scratch, n); })
NORMLAB_BY_LEVEL(void, forwardBf16,
                 (const Bf16* const* values, Bf16* dst, const Product& product, float* scratch, int64_t n),
                 (values, dst, product, scratch, n), { forwardSample(values, dst, product, scratch, n); })
NORMLAB_BY_LEVEL(void, backwardF32,
                 (const float* const* values, const float* diffDst, float* diffSrc, const Product& product,
                  size_t factor, float* scratch, float* sums, int64_t n),
                 (values, diffDst, diffSrc, product, factor, scratch, sums, n),
                 { backwardSample(values, diffDst, diffSrc, product, factor, scratch, sums, n); })
NORMLAB_BY_LEVEL(void, backwardBf16,
                 (const Bf16* const* values, const Bf16* diffDst, Bf16* diffSrc, const Product& product, size_t factor,
                  float* scratch, float* sums, int64_t n),
                 (values, diffDst, diffSrc, product, factor, scratch, sums, n),
                 { backwardSample(values, diffDst, diffSrc, product, factor, scratch, sums, n); })

template <typename T>
std::vector<const T*> valuesAt(const RunContext& run, const Product& product) {
    std::vector<const T*> out;
    for (const Factor& factor : product.factors) out.push_back(run.at<T>(factor.buffer));
    return out;
}

template <typename T, typename Sample>
Kernel forwardKernel(Product product, int dst, Sample sample) {
    return [product = std::move(product), dst, sample](const RunContext& run) {
        const std::vector<const T*> values = valuesAt<T>(run, product);
#pragma omp parallel
        {
            std::vector<float> scratch(static_cast<size_t>(product.longestRow()));
#pragma omp for schedule(static)
            for (int64_t n = 0; n < product.runs.samples; ++n)
                sample(values.data(), run.at<T>(dst), product, scratch.data(), n);
        }
    };
}

template <typename T, typename Sample>
Kernel backwardKernel(Product product, size_t factor, int diffDst, int diffSrc, Sample sample) {
    return [product = std::move(product), factor, diffDst, diffSrc, sample](const RunContext& run) {
        const std::vector<const T*> values = valuesAt<T>(run, product);
#pragma omp parallel
        {
            std::vector<float> scratch(static_cast<size_t>(product.longestRow()));
            std::vector<float> sums(static_cast<size_t>(valuesOf(product, product.factors[factor].spread)));
#pragma omp for schedule(static)
            for (int64_t n = 0; n < product.runs.samples; ++n)
                sample(values.data(), run.at<T>(diffDst), run.at<T>(diffSrc), product, factor, scratch.data(),
                       sums.data(), n);
        }
    };
}

Spread spreadOf(const Dims& own, const Dims& whole) {
    if (own == whole) return Spread::whole;
    demand(own.size() == whole.size() && own[0] == whole[0], "the factors of a product differ in rank");
    const bool channels = own[1] == whole[1], single = own[1] == 1;
    const bool image = own.size() == 4;
    const bool pixels = !image || (own[2] == whole[2] && own[3] == whole[3]);
    const bool onePixel = !image || (own[2] == 1 && own[3] == 1);
    demand((channels || single) && (pixels || onePixel), "a factor of a product fits neither channels nor pixels");
    if (channels) return Spread::perChannel;
    return pixels && image && whole[2] * whole[3] > 1 ? Spread::perPixel : Spread::perSample;
}

// Sources compatible with `whole`; those of the same size get exactly its layout.
Product productOf(Planner& plan, const Instruction& op, const Md& whole) {
    const ChannelLayout layout = *channelLayoutOf(whole);
    const Dims dims = compat::dimsOf(whole);
    Product out;
    out.runs = channelRunsOf(layout, channelsSideBySide(layout));
    out.planar = out.runs.run == 1 && out.runs.pixels > 1;
    for (const int src : op.srcs) {
        demand(src != kNone, "a product lacks a source");
        const Spread spread = spreadOf(plan.dims(src), dims);
        const Value value =
            spread == Spread::whole ? plan.read(src, whole) : plan.readPlain(src, compat::typeOf(whole));
        out.factors.push_back({spread, value.buffer});
    }
    return out;
}

std::vector<int> buffersOf(const Product& product, std::vector<int> others) {
    for (const Factor& factor : product.factors) others.push_back(factor.buffer);
    return others;
}

// The layout of `tensor`, in a form that our loops support.
Md walkable(const Planner& plan, int tensor) {
    const Md desc = plan.at(tensor).desc;
    return channelLayoutOf(desc) ? desc : plainDesc(plan.dims(tensor), compat::typeOf(desc));
}

}  // namespace

void planMultiplyForward(Planner& plan, const Instruction& op) {
    const Dims dims = plan.dims(op.dst);
    demand(op.srcs.size() >= 2, "a product needs at least two sources");
    Md whole = plainDesc(dims, plan.computeType());
    for (size_t i = op.srcs.size(); i-- > 0;)
        if (op.srcs[i] != kNone && plan.dims(op.srcs[i]) == dims) whole = walkable(plan, op.srcs[i]);
    const Product product = productOf(plan, op, whole);
    const Value dst = plan.write(op.dst, whole);
    const std::vector<int> touched = buffersOf(product, {dst.buffer});
    const bool bf16 = compat::typeOf(whole) == DataType::bf16;
    plan.addKernel("multiplyForward " + op.node, touched,
                   bf16 ? forwardKernel<Bf16>(product, dst.buffer, forwardBf16)
                        : forwardKernel<float>(product, dst.buffer, forwardF32));
}

void planMultiplyBackward(Planner& plan, const Instruction& op) {
    demand(op.diffSrcs.size() == op.srcs.size(), "a product's gradient needs one place a source");
    const Md whole = walkable(plan, op.diffDst);
    const Value diffDst = plan.read(op.diffDst, whole);
    const Product product = productOf(plan, op, whole);
    const bool bf16 = compat::typeOf(whole) == DataType::bf16;
    for (size_t k = 0; k < op.srcs.size(); ++k) {
        if (op.diffSrcs[k] == kNone) continue;
        const Dims dims = plan.dims(op.diffSrcs[k]);
        demand(dims == plan.dims(op.srcs[k]), "the gradient of a product has another shape than its source");
        const bool isWhole = product.factors[k].spread == Spread::whole;
        const Value diffSrc = plan.write(op.diffSrcs[k], isWhole ? whole : plainDesc(dims, compat::typeOf(whole)));
        const std::vector<int> touched = buffersOf(product, {diffDst.buffer, diffSrc.buffer});
        plan.addKernel("multiplyBackward " + op.node, touched,
                       bf16 ? backwardKernel<Bf16>(product, k, diffDst.buffer, diffSrc.buffer, backwardBf16)
                            : backwardKernel<float>(product, k, diffDst.buffer, diffSrc.buffer, backwardF32));
    }
}

}  // namespace normlab
