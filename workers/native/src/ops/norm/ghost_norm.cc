// Batch normalization by groups of samples and with renormalization, in our own loops; u = (src - mu) / sigma in each
// group of m values per channel, sigma = sqrt(var + eps):
//   forward   r = clip(sigma / sigma_stored, 1/rmax, rmax) ; d = clip((mu - mu_stored) / sigma_stored, -dmax, dmax)
//             dst = gamma * (u * r + d) + beta ; the reported batch statistics are pooled over all groups
//   backward  r and d constant: dbeta = sum dy ; dgamma = sum over groups (r * sum dy*u + d * sum dy)
//             dx = gamma * r / (m * sigma) * (m*dy - sum dy - u * sum dy*u)
// Sums are double. The saved tensor holds mean, 1/sigma, r and d of each group and channel, [groups, 4, padded
// channels] floats.
#include <cmath>
#include <cstring>

#include "base/bf16.h"
#include "kernels/channels/channel_moments.h"
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

struct Limits {
    double rMax, dMax;
};

// core/batchnorm/renorm.ts, renormLimits.
Limits limitsAt(const Instruction& op, double step) {
    const auto share = [&](double end) {
        if (step <= op.rampStart) return 0.0;
        return step >= end ? 1.0 : (step - op.rampStart) / (end - op.rampStart);
    };
    return {1 + (op.maxR - 1) * share(op.rampEndR), op.maxD * share(op.rampEndD)};
}

// Coefficients of one lane of a row. Forward: (x - centre) * scale + shift. Backward: dy * scale - shift - (x - centre)
// * slope.
struct GroupCoefficients {
    float centre[kLanes], scale[kLanes], shift[kLanes], slope[kLanes];
};

template <typename T>
NORMLAB_INLINE void forwardRows(const T* src, T* dst, const Strips& s, int64_t strip, SampleRange samples,
                                const GroupCoefficients& k) {
    eachRow(s, strip, samples, [&](int64_t at, auto lanes) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < lanes; ++i)
            dst[at + i] = fromFloat<T>((toFloat(src[at + i]) - k.centre[i]) * k.scale[i] + k.shift[i]);
    });
}

template <typename T>
NORMLAB_INLINE void backwardRows(const T* src, const T* diffDst, T* diffSrc, const Strips& s, int64_t strip,
                                 SampleRange samples, const GroupCoefficients& k) {
    eachRow(s, strip, samples, [&](int64_t at, auto lanes) NORMLAB_INLINE_LAMBDA {
        for (int64_t i = 0; i < lanes; ++i) {
            const float centred = toFloat(src[at + i]) - k.centre[i];
            diffSrc[at + i] = fromFloat<T>(toFloat(diffDst[at + i]) * k.scale[i] - k.shift[i] - centred * k.slope[i]);
        }
    });
}

NORMLAB_BY_LEVEL(void, forwardF32,
                 (const float* src, float* dst, const Strips& s, int64_t strip, SampleRange samples,
                  const GroupCoefficients& k),
                 (src, dst, s, strip, samples, k), { forwardRows(src, dst, s, strip, samples, k); })

NORMLAB_BY_LEVEL(void, forwardBf16,
                 (const Bf16* src, Bf16* dst, const Strips& s, int64_t strip, SampleRange samples,
                  const GroupCoefficients& k),
                 (src, dst, s, strip, samples, k), { forwardRows(src, dst, s, strip, samples, k); })

NORMLAB_BY_LEVEL(void, backwardF32,
                 (const float* src, const float* diffDst, float* diffSrc, const Strips& s, int64_t strip,
                  SampleRange samples, const GroupCoefficients& k),
                 (src, diffDst, diffSrc, s, strip, samples, k),
                 { backwardRows(src, diffDst, diffSrc, s, strip, samples, k); })

NORMLAB_BY_LEVEL(void, backwardBf16,
                 (const Bf16* src, const Bf16* diffDst, Bf16* diffSrc, const Strips& s, int64_t strip,
                  SampleRange samples, const GroupCoefficients& k),
                 (src, diffDst, diffSrc, s, strip, samples, k),
                 { backwardRows(src, diffDst, diffSrc, s, strip, samples, k); })

// One operation over a tensor: its strips and groups, and optional per-channel vectors.
struct Grouped {
    ChannelSums sums;
    bool bf16 = false;
    int sumsBuffer = -1, saved = -1;
    int gamma = -1, beta = -1, mean = -1, variance = -1;  // buffers, -1 where there is none

    int64_t padded() const { return sums.strips().padded; }
    int64_t channels() const { return sums.strips().layout.channels; }
    size_t groups() const { return sums.groups().size(); }
};

float channelOr(const RunContext& run, int buffer, int64_t channel, float otherwise) {
    return buffer < 0 ? otherwise : run.at<float>(buffer)[channel];
}

// Computes the saved values of all groups and returns the pooled statistics of the batch.
void correctGroups(const RunContext& run, const Grouped& g, double epsilon, Limits limits, float* batchMean,
                   float* batchVariance) {
    const double* sums = run.at<double>(g.sumsBuffer);
    float* saved = run.at<float>(g.saved);
    std::memset(saved, 0, g.groups() * 4 * static_cast<size_t>(g.padded()) * sizeof(float));
    for (int64_t c = 0; c < g.channels(); ++c) {
        const double storedMean = run.at<float>(g.mean)[c];
        const double storedSigma = std::sqrt(run.at<float>(g.variance)[c] + epsilon);
        double count = 0, mean = 0, variance = 0;
        for (size_t group = 0; group < g.groups(); ++group) {
            const int64_t at = static_cast<int64_t>(2 * group) * g.padded() + c;
            const double values = static_cast<double>(g.sums.valuesOf(group));
            double groupMean, groupVariance;
            meanAndVariance(sums[at], sums[at + g.padded()], values, groupMean, groupVariance);
            const double sigma = std::sqrt(groupVariance + epsilon);
            float* out = saved + static_cast<int64_t>(4 * group) * g.padded() + c;
            out[0] = static_cast<float>(groupMean);
            out[g.padded()] = static_cast<float>(1 / sigma);
            out[2 * g.padded()] =
                static_cast<float>(std::min(limits.rMax, std::max(1 / limits.rMax, sigma / storedSigma)));
            const double shift = (groupMean - storedMean) / storedSigma;
            out[3 * g.padded()] = static_cast<float>(std::min(limits.dMax, std::max(-limits.dMax, shift)));
            const double share = values / (count + values), apart = groupMean - mean;
            mean += apart * share;
            variance = variance * (1 - share) + groupVariance * share + apart * apart * share * (1 - share);
            count += values;
        }
        batchMean[c] = static_cast<float>(mean);
        batchVariance[c] = static_cast<float>(variance);
    }
}

GroupCoefficients forwardCoefficients(const RunContext& run, const Grouped& g, size_t group, int64_t strip) {
    const Strips& s = g.sums.strips();
    const float* saved = run.at<float>(g.saved) + static_cast<int64_t>(4 * group) * g.padded();
    GroupCoefficients out = {};
    for (int64_t i = 0; i < kLanes; ++i) {
        const int64_t c = s.channel(strip, i);
        if (c >= g.channels()) continue;
        const float gamma = channelOr(run, g.gamma, c, 1), d = saved[3 * g.padded() + c];
        out.centre[i] = saved[c];
        out.scale[i] = gamma * saved[g.padded() + c] * saved[2 * g.padded() + c];
        out.shift[i] = gamma * d + channelOr(run, g.beta, c, 0);
    }
    return out;
}

GroupCoefficients backwardCoefficients(const RunContext& run, const Grouped& g, size_t group, int64_t strip) {
    const Strips& s = g.sums.strips();
    const float* saved = run.at<float>(g.saved) + static_cast<int64_t>(4 * group) * g.padded();
    const double* sums = run.at<double>(g.sumsBuffer) + static_cast<int64_t>(2 * group) * g.padded();
    const double values = static_cast<double>(g.sums.valuesOf(group));
    GroupCoefficients out = {};
    for (int64_t i = 0; i < kLanes; ++i) {
        const int64_t c = s.channel(strip, i);
        if (c >= g.channels()) continue;
        const double inverse = saved[g.padded() + c];
        const double scale = channelOr(run, g.gamma, c, 1) * inverse * saved[2 * g.padded() + c];
        out.centre[i] = saved[c];
        out.scale[i] = static_cast<float>(scale);
        out.shift[i] = static_cast<float>(scale * sums[c] / values);
        out.slope[i] = static_cast<float>(scale * inverse * inverse * sums[g.padded() + c] / values);
    }
    return out;
}

// dbeta and dgamma from the sums of all groups; null pointers are skipped.
void parameterGradients(const RunContext& run, const Grouped& g, float* diffGamma, float* diffBeta) {
    const double* sums = run.at<double>(g.sumsBuffer);
    for (int64_t c = 0; c < g.channels(); ++c) {
        double dgamma = 0, dbeta = 0;
        for (size_t group = 0; group < g.groups(); ++group) {
            const double* of = sums + static_cast<int64_t>(2 * group) * g.padded() + c;
            const float* saved = run.at<float>(g.saved) + static_cast<int64_t>(4 * group) * g.padded() + c;
            dbeta += of[0];
            dgamma += saved[2 * g.padded()] * of[g.padded()] * saved[g.padded()] + saved[3 * g.padded()] * of[0];
        }
        if (diffGamma != nullptr) diffGamma[c] = static_cast<float>(dgamma);
        if (diffBeta != nullptr) diffBeta[c] = static_cast<float>(dbeta);
    }
}

// Calls body(group, strip, samples) for every strip of every sample.
template <typename Body>
void forSamples(const Grouped& g, Body body) {
    for (size_t group = 0; group < g.groups(); ++group) {
        const SampleRange samples = g.sums.groups()[group];
#pragma omp parallel for collapse(2) schedule(static)
        for (int64_t n = samples.first; n < samples.last; ++n)
            for (int64_t strip = 0; strip < g.sums.strips().count; ++strip) body(group, strip, SampleRange{n, n + 1});
    }
}

// GroupCoefficients of all groups and strips, computed once per step.
template <typename Make>
std::vector<GroupCoefficients> allCoefficients(const Grouped& g, Make make) {
    std::vector<GroupCoefficients> out;
    out.reserve(g.groups() * static_cast<size_t>(g.sums.strips().count));
    for (size_t group = 0; group < g.groups(); ++group)
        for (int64_t strip = 0; strip < g.sums.strips().count; ++strip) out.push_back(make(group, strip));
    return out;
}

Value readStrips(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return stripsOf(have.desc) ? have : plan.readPlain(tensor, compat::typeOf(have.desc));
}

Grouped describeGrouped(Planner& plan, const Instruction& op, const Value& src) {
    const Dims dims = compat::dimsOf(src.desc);
    demand(dims.size() == 2 || dims.size() == 4, "a batch normalization needs [N, C, H, W] or [N, F]");
    demand(op.groupSize >= 0, "the group size of a batch normalization must not be negative");
    for (const int tensor :
         {op.gamma, op.beta, op.mean, op.variance, op.batchMean, op.batchVariance, op.diffGamma, op.diffBeta}) {
        demand(tensor == kNone || plan.dims(tensor) == Dims{dims[1]},
               "a per-channel vector of a batch normalization has the wrong length");
    }
    Grouped out{ChannelSums(*stripsOf(src.desc), ghostGroups(dims[0], op.groupSize))};
    out.bf16 = compat::typeOf(src.desc) == DataType::bf16;
    out.sumsBuffer = plan.scratchBytes(out.sums.scratchBytes());
    const Md channel = plainDesc({dims[1]}, DataType::f32);
    const auto bufferOf = [&](int tensor) { return tensor == kNone ? -1 : plan.read(tensor, channel).buffer; };
    out.gamma = bufferOf(op.gamma);
    out.beta = bufferOf(op.beta);
    out.mean = bufferOf(op.mean);
    out.variance = bufferOf(op.variance);
    return out;
}

Md savedDesc(const Grouped& g) {
    return plainDesc({static_cast<int64_t>(g.groups()) * 4 * g.padded()}, DataType::f32);
}

std::vector<int> present(std::vector<int> buffers) {
    buffers.erase(std::remove(buffers.begin(), buffers.end(), -1), buffers.end());
    return buffers;
}

}  // namespace

void planGhostNormForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a batch normalization has another shape");
    const Value src = readStrips(plan, op.src);
    Grouped g = describeGrouped(plan, op, src);
    const Md channel = plainDesc({g.channels()}, DataType::f32);
    g.saved = plan.writeOrScratch(op.savedGroups, savedDesc(g)).buffer;
    const int batchMean = plan.write(op.batchMean, channel).buffer;
    const int batchVariance = plan.write(op.batchVariance, channel).buffer;
    const Value dst = plan.write(op.dst, src.desc);
    plan.mayOverlay(dst, src);
    const std::vector<int> touched = present(
        {src.buffer, dst.buffer, g.sumsBuffer, g.saved, g.gamma, g.beta, g.mean, g.variance, batchMean, batchVariance});
    plan.addKernel(
        "ghostNormForward " + op.node, touched, [=, from = src.buffer, to = dst.buffer](const RunContext& run) {
            g.sums.moments(run.at<void>(from), g.bf16, run.at<double>(g.sumsBuffer));
            correctGroups(run, g, op.epsilon, limitsAt(op, run.scalars.step), run.at<float>(batchMean),
                          run.at<float>(batchVariance));
            const auto k = allCoefficients(
                g, [&](size_t group, int64_t strip) { return forwardCoefficients(run, g, group, strip); });
            const Strips& s = g.sums.strips();
            forSamples(g, [&](size_t group, int64_t strip, SampleRange samples) {
                const GroupCoefficients& of = k[group * static_cast<size_t>(s.count) + static_cast<size_t>(strip)];
                if (g.bf16) {
                    forwardBf16(run.at<Bf16>(from), run.at<Bf16>(to), s, strip, samples, of);
                } else {
                    forwardF32(run.at<float>(from), run.at<float>(to), s, strip, samples, of);
                }
            });
        });
}

void planGhostNormBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.src), "the gradient of a batch normalization has another shape");
    const Value src = readStrips(plan, op.src);
    Grouped g = describeGrouped(plan, op, src);
    const Md channel = plainDesc({g.channels()}, DataType::f32);
    const Value diffDst = plan.read(op.diffDst, src.desc);
    g.saved = plan.at(op.savedGroups).buffer;
    const auto target = [&](int tensor, const Md& desc) {
        return tensor == kNone ? -1 : plan.write(tensor, desc).buffer;
    };
    const int diffGamma = target(op.diffGamma, channel), diffBeta = target(op.diffBeta, channel);
    const int diffSrc = target(op.diffSrc, src.desc);
    if (diffSrc >= 0) plan.mayOverlay({src.desc, diffSrc}, diffDst);
    const std::vector<int> touched =
        present({src.buffer, diffDst.buffer, g.sumsBuffer, g.saved, g.gamma, diffGamma, diffBeta, diffSrc});
    plan.addKernel(
        "ghostNormBackward " + op.node, touched, [=, x = src.buffer, dy = diffDst.buffer](const RunContext& run) {
            g.sums.projections(run.at<void>(x), run.at<void>(dy), g.bf16, run.at<float>(g.saved), 4 * g.padded(),
                               run.at<double>(g.sumsBuffer));
            parameterGradients(run, g, diffGamma < 0 ? nullptr : run.at<float>(diffGamma),
                               diffBeta < 0 ? nullptr : run.at<float>(diffBeta));
            if (diffSrc < 0) return;
            const auto k = allCoefficients(
                g, [&](size_t group, int64_t strip) { return backwardCoefficients(run, g, group, strip); });
            const Strips& s = g.sums.strips();
            forSamples(g, [&](size_t group, int64_t strip, SampleRange samples) {
                const GroupCoefficients& of = k[group * static_cast<size_t>(s.count) + static_cast<size_t>(strip)];
                if (g.bf16) {
                    backwardBf16(run.at<Bf16>(x), run.at<Bf16>(dy), run.at<Bf16>(diffSrc), s, strip, samples, of);
                } else {
                    backwardF32(run.at<float>(x), run.at<float>(dy), run.at<float>(diffSrc), s, strip, samples, of);
                }
            });
        });
}

}  // namespace normlab
