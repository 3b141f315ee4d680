// Batch normalization backward by our own loops. g is the gradient before the activation (dy where it passes, else 0),
// xc = x - mean, sd = sqrt(var + eps), m values per channel:
//   diffBeta = sum g ; diffGamma = sum(g * xc) / sd ; dx = gamma/sd * (g - sum(g)/m - xc * sum(g * xc) / (sd^2 m))
// without the two sums in dx if running statistics were used. Fused with a MaxPool, dy is the pooled gradient and the
// maxima are found again from x. Fused with an Add and ReLU, g is written in the pass that sums it.
#include "ops/norm/norm_backward.h"

#include <cmath>

namespace normlab {
namespace {

template <typename T>
T* optionalAt(const RunContext& run, int buffer, int64_t offset) {
    return buffer < 0 ? nullptr : run.at<T>(buffer) + offset;
}

template <typename T>
void reduceUnit(const RunContext& run, const NormBackward& norm, int64_t i, const NormLanes& lanes) {
    const NormUnit unit = norm.sumGrid.unitOf(i);
    NormSums& sums = run.at<NormSums>(norm.sums)[i];
    const int64_t at = norm.sumGrid.at(i);
    const T* x = run.at<T>(norm.src) + at;
    const T* dy = run.at<T>(norm.diffDst) + (norm.pooledStride > 0 ? norm.pooledAt(i) : at);
    if (norm.pooledStride > 0) {
        normKernels<T>().reducePool(x, dy, unit, norm.pooledStride, lanes, sums);
    } else if (norm.passedOn >= 0) {
        normKernels<T>().reduceAdd(x, dy, optionalAt<const T>(run, norm.diffDst2, at), run.at<T>(norm.output) + at,
                                   run.at<T>(norm.passedOn) + at, unit, lanes, sums);
    } else {
        normKernels<T>().reduce(x, dy, unit, lanes, norm.activation, sums);
    }
}

template <typename T>
void reduce(const RunContext& run, const NormBackward& norm) {
    const NormGrid& grid = norm.sumGrid;
    forUnits(grid.units(), grid.isWide(), false,
             [&](int64_t i) { reduceUnit<T>(run, norm, i, run.at<NormLanes>(norm.lanes)[i % grid.groups]); });
}

template <typename T>
void reduceSome(const RunContext& run, const NormBackward& norm, int64_t first, int64_t last) {
    const int64_t groups = norm.sumGrid.groups;
    for (int64_t group = 0; group < groups; ++group) {
        NormLanes lanes;
        if (norm.forward >= 0) lanes = run.at<NormLanes>(norm.forward)[group];
        else fillLanes(run, norm.vectors, norm.sumGrid, group, lanes);
        for (int64_t n = first; n < last; ++n) reduceUnit<T>(run, norm, n * groups + group, lanes);
    }
}

// Adds the samples' sums, in order; computes the parameters' gradients and the remaining coefficients from them.
void mergeSums(const RunContext& run, const NormBackward& norm, int64_t group) {
    const NormSums* sums = run.at<NormSums>(norm.sums);
    NormLanes& lanes = run.at<NormLanes>(norm.lanes)[group];
    const float* variance = run.at<float>(norm.vectors.variance);
    double first[16] = {}, second[16] = {};
    for (int64_t n = 0; n < norm.sumGrid.samples; ++n) {
        const NormSums& one = sums[n * norm.sumGrid.groups + group];
        for (int i = 0; i < 16; ++i) {
            first[i] += one.first[i];
            second[i] += one.second[i];
        }
    }
    for (int64_t i = 0; i < 16 && group * 16 + i < norm.sumGrid.channels; ++i) {
        const int64_t c = group * 16 + i;
        const double square = variance[c] + norm.vectors.epsilon;
        if (norm.diffBeta >= 0) run.at<float>(norm.diffBeta)[c] = static_cast<float>(first[i]);
        if (norm.diffGamma >= 0) run.at<float>(norm.diffGamma)[c] = static_cast<float>(second[i] / std::sqrt(square));
        if (!norm.byBatch) continue;
        lanes.meanDiff[i] = static_cast<float>(first[i] / norm.sumGrid.count());
        lanes.slope[i] = static_cast<float>(second[i] / square / norm.sumGrid.count());
    }
}

// Writes to `dx`, the destination of the unit.
template <typename T>
void differentiateUnit(const RunContext& run, const NormBackward& norm, int64_t i, T* dx) {
    const NormGrid& grid = norm.grid;
    const NormLanes& lanes = run.at<NormLanes>(norm.lanes)[i % grid.groups];
    const T* x = run.at<T>(norm.src) + grid.at(i);
    if (norm.pooledStride > 0) {
        normKernels<T>().diffPool(x, run.at<T>(norm.diffDst) + norm.pooledAt(i), dx, grid.unitOf(i), norm.pooledStride,
                                  lanes);
    } else {
        const T* dy = run.at<T>(norm.passedOn >= 0 ? norm.passedOn : norm.diffDst) + grid.at(i);
        normKernels<T>().diff(x, dy, dx, grid.unitOf(i), lanes, norm.activation);
    }
}

template <typename T>
void differentiate(const RunContext& run, const NormBackward& norm) {
    const NormGrid& grid = norm.grid;
    forUnits(grid.units(), grid.isWide(), true,
             [&](int64_t i) { differentiateUnit<T>(run, norm, i, run.at<T>(norm.diffSrc) + grid.at(i)); });
}

template <typename T>
Kernel backwardKernel(const NormBackward& norm) {
    return [norm](const RunContext& run) {
        for (int64_t group = 0; group < norm.grid.groups; ++group)
            fillLanes(run, norm.vectors, norm.grid, group, run.at<NormLanes>(norm.lanes)[group]);
        if (norm.byBatch || norm.passedOn >= 0 || norm.diffGamma >= 0 || norm.diffBeta >= 0) {
            if (!norm.reduced) reduce<T>(run, norm);
            forUnits(norm.grid.groups, norm.grid.isWide(), false, [&](int64_t group) { mergeSums(run, norm, group); });
        }
        if (norm.diffSrc >= 0) differentiate<T>(run, norm);
    };
}

}  // namespace

std::vector<int> NormBackward::touched() const {
    std::vector<int> out;
    for (const int buffer : {src, diffDst, diffSrc, diffDst2, output, passedOn, sums, lanes, forward, diffGamma,
                             diffBeta, vectors.mean, vectors.variance, vectors.gamma, vectors.beta})
        if (buffer >= 0) out.push_back(buffer);
    return out;
}

Kernel normBackwardKernel(const NormBackward& norm, bool bf16) {
    return bf16 ? backwardKernel<Bf16>(norm) : backwardKernel<float>(norm);
}

void reduceSamples(const RunContext& run, const NormBackward& norm, bool bf16, int64_t first, int64_t last) {
    bf16 ? reduceSome<Bf16>(run, norm, first, last) : reduceSome<float>(run, norm, first, last);
}

void differentiateSamples(const RunContext& run, const NormBackward& norm, int64_t first, int64_t last, Bf16* to) {
    const NormGrid& grid = norm.grid;
    for (int64_t i = first * grid.groups; i < last * grid.groups; ++i)
        differentiateUnit<Bf16>(run, norm, i, to + grid.at(i) - first * grid.sampleStride);
}

}  // namespace normlab
