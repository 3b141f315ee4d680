// Layer, group and instance normalization, with xhat = (x - mean) / sqrt(var + eps) over the m values of a statistic in
// one sample:
//   forward   y = xhat * gamma + beta
//   backward  g = dy * gamma ; dx = (g - sum(g)/m - xhat * sum(g*xhat)/m) / sqrt(var + eps)
//             dgamma = sum dy*xhat ; dbeta = sum dy
// Mean and variance take two passes over a sample, which stays in the cache in between. A statistic belongs to a
// channel (all channels of a group have the same) or to a pixel, so that one array of either length serves every kind.
// Sums over samples are in their order, so that the result does not depend on the number of threads.
#include <algorithm>
#include <memory>

#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"
#include "ops/norm/sample_norm_rows.h"

namespace normlab {
namespace {

NORMLAB_BY_LEVEL(void, normalizeF32,
                 (const float* src, float* dst, const SampleNorm& norm, const Affine& affine, float* room),
                 (src, dst, norm, affine, room), { normalizeSample(src, dst, norm, affine, room); })
NORMLAB_BY_LEVEL(void, normalizeBf16,
                 (const Bf16* src, Bf16* dst, const SampleNorm& norm, const Affine& affine, float* room),
                 (src, dst, norm, affine, room), { normalizeSample(src, dst, norm, affine, room); })
NORMLAB_BY_LEVEL(void, backF32,
                 (const float* src, const float* diffDst, float* diffSrc, const SampleNorm& norm, const Affine& affine,
                  float* room),
                 (src, diffDst, diffSrc, norm, affine, room),
                 { backwardSample(src, diffDst, diffSrc, norm, affine, room); })
NORMLAB_BY_LEVEL(void, backBf16,
                 (const Bf16* src, const Bf16* diffDst, Bf16* diffSrc, const SampleNorm& norm, const Affine& affine,
                  float* room),
                 (src, diffDst, diffSrc, norm, affine, room),
                 { backwardSample(src, diffDst, diffSrc, norm, affine, room); })
NORMLAB_BY_LEVEL(void, valueGradientsF32,
                 (const float* src, const float* diffDst, const SampleNorm& norm, const float* room, int64_t row,
                  float* diffGamma, float* diffBeta),
                 (src, diffDst, norm, room, row, diffGamma, diffBeta),
                 { valueGradients(src, diffDst, norm, room, row, diffGamma, diffBeta); })
NORMLAB_BY_LEVEL(void, valueGradientsBf16,
                 (const Bf16* src, const Bf16* diffDst, const SampleNorm& norm, const float* room, int64_t row,
                  float* diffGamma, float* diffBeta),
                 (src, diffDst, norm, room, row, diffGamma, diffBeta),
                 { valueGradients(src, diffDst, norm, room, row, diffGamma, diffBeta); })

// True where gamma and beta have one value per value of a sample, not one per channel.
bool affineOfValues(const Planner& plan, const Instruction& op) {
    Dims sample = plan.dims(op.src);
    sample.erase(sample.begin());
    bool ofValues = false;
    for (const int tensor : {op.gamma, op.beta, op.diffGamma, op.diffBeta}) {
        if (tensor == kNone) continue;
        const Dims dims = plan.dims(tensor);
        demand(dims == sample || dims == Dims{sample[0]},
               "gamma and beta must have the dims of a sample or one value a channel");
        demand(!ofValues || dims == sample, "gamma and beta must have the same dims");
        ofValues = dims == sample && sample.size() > 1;
    }
    return ofValues;
}

// One sample, in the layout of the batch.
Md sampleDesc(const Planner& plan, const Instruction& op, const Md& model) {
    Dims dims = plan.dims(op.src);
    dims[0] = 1;
    return likeDesc(model, dims, DataType::f32);
}

// The source in rows; in the plain layout of its kind if gamma and beta must have the same layout.
Value sourceOf(Planner& plan, const Instruction& op, bool ofValues) {
    const Value src = inRows(plan, op.src);
    const DataType type = compat::typeOf(src.desc);
    if (!ofValues || likeDesc(src.desc, plan.dims(op.src), type) == src.desc) return src;
    return plan.readPlain(op.src, type);
}

SampleNorm describeNorm(const Planner& plan, const Instruction& op, const Md& desc, bool ofValues) {
    SampleNorm norm;
    norm.rows = sampleRowsOf(desc);
    norm.overPixel = op.overPixel;
    norm.groups = op.groups;
    norm.ofValues = ofValues;
    norm.epsilon = static_cast<float>(op.epsilon);
    demand(norm.rows.runs.channels % op.groups == 0, "the groups of a normalization do not divide its channels");
    demand(plan.dims(op.src).size() == 2 || plan.dims(op.src).size() == 4,
           "a normalization needs [N, C, H, W] or [N, F]");
    return norm;
}

// Gamma or beta in the order of the kernels: unchanged per channel, in the layout of the source per value.
int affineBuffer(Planner& plan, const Instruction& op, int tensor, const Md& src, bool ofValues) {
    if (tensor == kNone) return kNone;
    if (!ofValues) return plan.at(tensor).buffer;
    Dims dims = plan.dims(op.src);
    dims[0] = 1;
    const Md view = plainDesc(dims, DataType::f32);
    return plan.read(tensor, sampleDesc(plan, op, src), &view).buffer;
}

// Per value, the kernels compute both gradients, even if one is not needed.
int gradientBuffer(Planner& plan, const Instruction& op, int tensor, const Md& src, bool ofValues) {
    if (tensor == kNone) return ofValues ? plan.scratch(sampleDesc(plan, op, src)).buffer : kNone;
    if (!ofValues) return plan.write(tensor, plainDesc(plan.dims(tensor), DataType::f32)).buffer;
    Dims dims = plan.dims(op.src);
    dims[0] = 1;
    const Md view = plainDesc(dims, DataType::f32);
    return plan.write(tensor, sampleDesc(plan, op, src), &view).buffer;
}

std::vector<int> present(std::vector<int> buffers) {
    buffers.erase(std::remove(buffers.begin(), buffers.end(), kNone), buffers.end());
    return buffers;
}

// Gradients per channel: adds up the samples' sums, which are at `sums` in each sample's scratch memory.
void addUpChannels(const float* room, const SampleNorm& norm, float* diffGamma, float* diffBeta) {
    const int64_t channels = norm.rows.runs.channels;
    for (int64_t c = 0; c < channels; ++c) {
        double gamma = 0, beta = 0;
        for (int64_t n = 0; n < norm.rows.runs.samples; ++n) {
            const float* sums = room + n * norm.room() + norm.channelSums();
            gamma += sums[c];
            beta += sums[channels + c];
        }
        if (diffGamma != nullptr) diffGamma[c] = static_cast<float>(gamma);
        if (diffBeta != nullptr) diffBeta[c] = static_cast<float>(beta);
    }
}

struct BackBuffers {
    int src, diffDst, diffSrc, diffGamma, diffBeta, room;
};

// Runs `back` for each sample, then computes the gradients of gamma and beta: added up over the samples, or row by row
// with `values`.
template <typename T, typename Back, typename Values>
void runBack(const RunContext& run, const BackBuffers& buffers, const SampleNorm& norm, const Affine& affine, Back back,
             Values values) {
    const T *src = run.at<T>(buffers.src), *diffDst = run.at<T>(buffers.diffDst);
    T* diffSrc = buffers.diffSrc == kNone ? nullptr : run.at<T>(buffers.diffSrc);
    float* room = run.at<float>(buffers.room);
#pragma omp parallel for schedule(static)
    for (int64_t n = 0; n < norm.rows.runs.samples; ++n) {
        const int64_t at = n * norm.rows.runs.sampleStride;
        back(src + at, diffDst + at, diffSrc == nullptr ? nullptr : diffSrc + at, norm, affine, room + n * norm.room());
    }
    float* diffGamma = buffers.diffGamma == kNone ? nullptr : run.at<float>(buffers.diffGamma);
    float* diffBeta = buffers.diffBeta == kNone ? nullptr : run.at<float>(buffers.diffBeta);
    if (!norm.ofValues) {
        addUpChannels(room, norm, diffGamma, diffBeta);
        return;
    }
#pragma omp parallel for schedule(static)
    for (int64_t row = 0; row < norm.rows.rows; ++row) values(src, diffDst, norm, room, row, diffGamma, diffBeta);
}

// Default for an absent gamma or beta.
using Constants = std::shared_ptr<const std::vector<float>>;

Constants constants(int buffer, const SampleNorm& norm, float value) {
    const ChannelRuns& runs = norm.rows.runs;
    const int64_t count = norm.ofValues ? runs.sampleStride : runs.channels;
    if (buffer != kNone) return nullptr;
    return std::make_shared<const std::vector<float>>(static_cast<size_t>(count), value);
}

const float* valuesAt(const RunContext& run, int buffer, const Constants& otherwise) {
    return buffer == kNone ? otherwise->data() : run.at<float>(buffer);
}

Value roomFor(Planner& plan, const SampleNorm& norm) {
    return plan.scratch(plainDesc({norm.rows.runs.samples, norm.room()}, DataType::f32));
}

}  // namespace

void planSampleNormForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a normalization has another shape");
    const bool ofValues = affineOfValues(plan, op);
    const Value src = sourceOf(plan, op, ofValues);
    const SampleNorm norm = describeNorm(plan, op, src.desc, ofValues);
    const int gamma = affineBuffer(plan, op, op.gamma, src.desc, ofValues);
    const int beta = affineBuffer(plan, op, op.beta, src.desc, ofValues);
    const Constants ones = constants(gamma, norm, 1), zeros = constants(beta, norm, 0);
    const Value dst = plan.write(op.dst, src.desc);
    const int room = roomFor(plan, norm).buffer;
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.mayOverlay(dst, src);
    plan.addKernel("sampleNormForward " + op.node, present({src.buffer, dst.buffer, room, gamma, beta}),
                   [=, from = src.buffer, to = dst.buffer](const RunContext& run) {
                       const Affine affine = {valuesAt(run, gamma, ones), valuesAt(run, beta, zeros)};
#pragma omp parallel for schedule(static)
                       for (int64_t n = 0; n < norm.rows.runs.samples; ++n) {
                           const int64_t at = n * norm.rows.runs.sampleStride;
                           float* own = run.at<float>(room) + n * norm.room();
                           if (bf16) {
                               normalizeBf16(run.at<Bf16>(from) + at, run.at<Bf16>(to) + at, norm, affine, own);
                           } else {
                               normalizeF32(run.at<float>(from) + at, run.at<float>(to) + at, norm, affine, own);
                           }
                       }
                   });
}

void planSampleNormBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.src), "the gradient of a normalization has another shape");
    const bool ofValues = affineOfValues(plan, op);
    const Value src = sourceOf(plan, op, ofValues);
    const SampleNorm norm = describeNorm(plan, op, src.desc, ofValues);
    const int gamma = affineBuffer(plan, op, op.gamma, src.desc, ofValues);
    const Constants ones = constants(gamma, norm, 1);
    const Value diffDst = plan.read(op.diffDst, src.desc);
    BackBuffers buffers = {src.buffer, diffDst.buffer, kNone, kNone, kNone, roomFor(plan, norm).buffer};
    if (op.diffSrc != kNone) buffers.diffSrc = plan.write(op.diffSrc, src.desc).buffer;
    buffers.diffGamma = gradientBuffer(plan, op, op.diffGamma, src.desc, ofValues);
    buffers.diffBeta = gradientBuffer(plan, op, op.diffBeta, src.desc, ofValues);
    // Gradients per value are computed from diffDst after diffSrc is written.
    if (op.diffSrc != kNone && !ofValues) plan.mayOverlay({src.desc, buffers.diffSrc}, diffDst);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    const auto [from, by, to, toGamma, toBeta, room] = buffers;
    plan.addKernel("sampleNormBackward " + op.node, present({from, by, to, toGamma, toBeta, room, gamma}),
                   [=](const RunContext& run) {
                       const Affine affine = {valuesAt(run, gamma, ones), nullptr};
                       if (bf16) {
                           runBack<Bf16>(run, buffers, norm, affine, backBf16, valueGradientsBf16);
                       } else {
                           runBack<float>(run, buffers, norm, affine, backF32, valueGradientsF32);
                       }
                   });
}

}  // namespace normlab
