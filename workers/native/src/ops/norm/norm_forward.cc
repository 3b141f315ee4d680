// Batch normalization forward by our own loops. One pass for statistics; a second one, with a following Add and ReLU or
// ReLU and MaxPool fused, for
//   y = act((x - mean) * scale + shift), scale = gamma / sqrt(var + eps), shift = beta
// Sums over more than 128 pixels are in double, with one partial result per sample, so that they depend neither on the
// number of threads nor on their order.
#include "ops/norm/norm_forward.h"

namespace normlab {
namespace {

// Mean and biased variance of the batch from those of the samples, all of which have the same number of pixels.
void mergeStatistics(const RunContext& run, const NormForward& norm, int64_t group) {
    const NormSums* sums = run.at<NormSums>(norm.sums);
    const int64_t samples = norm.sumGrid.samples;
    const double pixels = static_cast<double>(norm.sumGrid.unit.pixels), count = norm.sumGrid.count();
    double mean[16] = {}, square[16] = {};
    for (int64_t n = 0; n < samples; ++n)
        for (int i = 0; i < 16; ++i) mean[i] += sums[n * norm.sumGrid.groups + group].first[i];
    for (double& value : mean) value /= static_cast<double>(samples);
    for (int64_t n = 0; n < samples; ++n) {
        const NormSums& one = sums[n * norm.sumGrid.groups + group];
        for (int i = 0; i < 16; ++i) {
            const double apart = one.first[i] - mean[i];
            square[i] += one.second[i] + pixels * apart * apart;
        }
    }
    for (int64_t i = 0; i < 16 && group * 16 + i < norm.sumGrid.channels; ++i) {
        run.at<float>(norm.statMean)[group * 16 + i] = static_cast<float>(mean[i]);
        run.at<float>(norm.statVariance)[group * 16 + i] = static_cast<float>(square[i] / count);
    }
}

template <typename T>
void sumUnit(const RunContext& run, const NormGrid& grid, int src, int sums, int64_t i) {
    normKernels<T>().statistics(run.at<T>(src) + grid.at(i), grid.unitOf(i), run.at<NormSums>(sums)[i]);
}

template <typename T>
void takeStatistics(const RunContext& run, const NormForward& norm) {
    const NormGrid& grid = norm.sumGrid;
    if (!norm.taken)
        forUnits(grid.units(), grid.isWide(), false, [&](int64_t i) { sumUnit<T>(run, grid, norm.src, norm.sums, i); });
    forUnits(grid.groups, grid.isWide(), false, [&](int64_t group) { mergeStatistics(run, norm, group); });
}

int64_t outputAt(const NormForward& norm, int64_t i) {
    if (norm.pooledStride == 0) return norm.grid.at(i);
    return i / norm.grid.groups * norm.pooledSampleStride + i % norm.grid.groups * norm.pooledGroupStride;
}

// Writes to `dst`, the destination of the unit.
template <typename T>
void applyUnit(const RunContext& run, const NormForward& norm, int64_t i, T* dst) {
    const NormGrid& grid = norm.grid;
    const NormLanes& lanes = run.at<NormLanes>(norm.lanes)[i % grid.groups];
    const T* src = run.at<T>(norm.src) + grid.at(i);
    if (norm.pooledStride > 0) {
        normKernels<T>().applyPool(src, dst, grid.unitOf(i), norm.pooledStride, lanes);
    } else if (norm.other >= 0) {
        normKernels<T>().applyAdd(src, run.at<T>(norm.other) + grid.at(i), dst, grid.unitOf(i), lanes);
    } else {
        normKernels<T>().apply(src, dst, grid.unitOf(i), lanes, norm.activation);
    }
}

template <typename T>
Kernel forwardKernel(const NormForward& norm) {
    return [norm](const RunContext& run) {
        const NormGrid& grid = norm.grid;
        if (norm.sums >= 0) takeStatistics<T>(run, norm);
        for (int64_t group = 0; group < grid.groups; ++group)
            fillLanes(run, norm.vectors, grid, group, run.at<NormLanes>(norm.lanes)[group]);
        if (norm.later) return;
        forUnits(grid.units(), grid.isWide(), true,
                 [&](int64_t i) { applyUnit<T>(run, norm, i, run.at<T>(norm.dst) + outputAt(norm, i)); });
    };
}

}  // namespace

std::vector<int> NormForward::touched() const {
    std::vector<int> out;
    for (const int buffer : {src, later ? -1 : dst, later ? -1 : other, lanes, statMean, statVariance, sums,
                             vectors.mean, vectors.variance, vectors.gamma, vectors.beta})
        if (buffer >= 0) out.push_back(buffer);
    return out;
}

Kernel normForwardKernel(const NormForward& norm, bool bf16) {
    return bf16 ? forwardKernel<Bf16>(norm) : forwardKernel<float>(norm);
}

void normalizeSamples(const RunContext& run, const NormForward& norm, int64_t first, int64_t last, Bf16* to) {
    const int64_t groups = norm.grid.groups, start = outputAt(norm, first * groups);
    for (int64_t i = first * groups; i < last * groups; ++i)
        applyUnit<Bf16>(run, norm, i, to + outputAt(norm, i) - start);
}

void sumSamples(const RunContext& run, const NormGrid& grid, bool bf16, int src, int sums, int64_t first,
                int64_t last) {
    for (int64_t i = first * grid.groups; i < last * grid.groups; ++i)
        bf16 ? sumUnit<Bf16>(run, grid, src, sums, i) : sumUnit<float>(run, grid, src, sums, i);
}

}  // namespace normlab
