// The arithmetic of sample_norm.cc on one sample, row by row.
#pragma once

#include <cmath>

#include "ops/shared/sample_rows.h"

namespace normlab {

struct SampleNorm {
    SampleRows rows;
    bool overPixel = false;  // one statistic per pixel, else one per channel, equal within a group
    bool ofValues = false;   // gamma and beta have one value per value of a sample, in its layout
    int64_t groups = 1;
    float epsilon = 0;

    int64_t statistics() const { return overPixel ? rows.runs.pixels : rows.runs.channels; }
    // Values that share a statistic, without the factor for copies within a group.
    int64_t perStatistic() const { return overPixel ? rows.runs.channels : rows.runs.pixels; }
    // Scratch floats of a sample: mean, 1/deviation, two sums of the backward pass; then the gradients of gamma and
    // beta per channel.
    int64_t channelSums() const { return 4 * statistics(); }
    int64_t room() const { return channelSums() + 2 * rows.runs.channels; }
    // True where each value of a row has its own statistic, or its own gamma and beta.
    bool ownStatistic() const { return overPixel != rows.alongChannels; }
    bool ownAffine() const { return ofValues || rows.alongChannels; }

    NORMLAB_INLINE int64_t statisticOf(const Row& row) const { return overPixel ? row.pixel : row.channel; }
    NORMLAB_INLINE int64_t affineOf(const Row& row) const { return ofValues ? row.at : row.channel; }
};

struct Affine {
    const float* gamma = nullptr;
    const float* beta = nullptr;
};

// Calls `call` with the two flags as types, so that it is compiled for each combination.
template <typename Call>
NORMLAB_INLINE void withFlags(bool first, bool second, Call call) {
    if (first && second) call(std::true_type{}, std::true_type{});
    if (first && !second) call(std::true_type{}, std::false_type{});
    if (!first && second) call(std::false_type{}, std::true_type{});
    if (!first && !second) call(std::false_type{}, std::false_type{});
}

template <bool kOwn, typename T>
NORMLAB_INLINE void addRow(const T* src, int64_t count, float* sums) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (int64_t i = 0; i < count; ++i) {
        const float x = toFloat(src[i]);
        if (kOwn) sums[i] += x;
        total += x;
    }
    if (!kOwn) sums[0] += total;
}

template <bool kOwn, typename T>
NORMLAB_INLINE void addSquaresRow(const T* src, int64_t count, const float* mean, float* sums) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (int64_t i = 0; i < count; ++i) {
        const float x = toFloat(src[i]) - mean[kOwn ? i : 0];
        if (kOwn) sums[i] += x * x;
        total += x * x;
    }
    if (!kOwn) sums[0] += total;
}

// Divides the sums of a sample's statistics by the number of values that share them; copies within a group become
// equal.
NORMLAB_INLINE void toMeans(float* sums, const SampleNorm& norm) {
    const int64_t each = norm.overPixel ? 1 : norm.rows.runs.channels / norm.groups;
    const double count = static_cast<double>(norm.perStatistic() * each);
    for (int64_t first = 0; first < norm.statistics(); first += each) {
        double total = 0;
        for (int64_t i = first; i < first + each; ++i) total += sums[i];
        for (int64_t i = first; i < first + each; ++i) sums[i] = static_cast<float>(total / count);
    }
}

// Mean and 1 / sqrt(var + eps) of every statistic of a sample.
template <typename T>
NORMLAB_INLINE void findMoments(const T* src, const SampleNorm& norm, float* mean, float* inverse) {
    const int64_t size = norm.statistics();
    for (int64_t i = 0; i < size; ++i) mean[i] = inverse[i] = 0;
    withFlags(norm.ownStatistic(), false, [&](auto own, auto) NORMLAB_INLINE_LAMBDA {
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            addRow<own.value>(src + row.at, row.count, mean + norm.statisticOf(row));
        }
        toMeans(mean, norm);
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            const int64_t at = norm.statisticOf(row);
            addSquaresRow<own.value>(src + row.at, row.count, mean + at, inverse + at);
        }
    });
    toMeans(inverse, norm);
    for (int64_t i = 0; i < size; ++i) inverse[i] = 1.0F / std::sqrt(inverse[i] + norm.epsilon);
}

template <bool kOwn, bool kAffine, typename T>
NORMLAB_INLINE void normalizeRow(const T* src, T* dst, int64_t count, const float* mean, const float* inverse,
                                 const float* gamma, const float* beta) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const int64_t s = kOwn ? i : 0, a = kAffine ? i : 0;
        dst[i] = fromFloat<T>((toFloat(src[i]) - mean[s]) * inverse[s] * gamma[a] + beta[a]);
    }
}

template <typename T>
NORMLAB_INLINE void normalizeSample(const T* src, T* dst, const SampleNorm& norm, const Affine& affine, float* room) {
    float *mean = room, *inverse = room + norm.statistics();
    findMoments(src, norm, mean, inverse);
    withFlags(norm.ownStatistic(), norm.ownAffine(), [&](auto own, auto ownAffine) NORMLAB_INLINE_LAMBDA {
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            const int64_t s = norm.statisticOf(row), a = norm.affineOf(row);
            normalizeRow<own.value, ownAffine.value>(src + row.at, dst + row.at, row.count, mean + s, inverse + s,
                                                     affine.gamma + a, affine.beta + a);
            zeroPadding(dst + row.at, row);
        }
    });
}

// Sums of g = diffDst * gamma, and of g * xhat.
template <bool kOwn, bool kAffine, typename T>
NORMLAB_INLINE void addGradientsRow(const T* src, const T* diffDst, int64_t count, const float* mean,
                                    const float* inverse, const float* gamma, float* sums, float* products) {
    float total = 0, product = 0;
#pragma omp simd reduction(+ : total, product)
    for (int64_t i = 0; i < count; ++i) {
        const int64_t s = kOwn ? i : 0;
        const float g = toFloat(diffDst[i]) * gamma[kAffine ? i : 0];
        const float p = g * (toFloat(src[i]) - mean[s]) * inverse[s];
        if (kOwn) sums[i] += g;
        if (kOwn) products[i] += p;
        total += g;
        product += p;
    }
    if (!kOwn) sums[0] += total;
    if (!kOwn) products[0] += product;
}

template <bool kOwn, bool kAffine, typename T>
NORMLAB_INLINE void diffSrcRow(const T* src, const T* diffDst, T* diffSrc, int64_t count, const float* mean,
                               const float* inverse, const float* gamma, const float* meanGradient,
                               const float* meanProduct) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const int64_t s = kOwn ? i : 0;
        const float g = toFloat(diffDst[i]) * gamma[kAffine ? i : 0];
        const float xhat = (toFloat(src[i]) - mean[s]) * inverse[s];
        diffSrc[i] = fromFloat<T>(inverse[s] * (g - meanGradient[s] - xhat * meanProduct[s]));
    }
}

// Adds to the gradients of gamma and beta; `kEach`: each value of the row has its own.
template <bool kOwn, bool kEach, typename T>
NORMLAB_INLINE void affineRow(const T* src, const T* diffDst, int64_t count, const float* mean, const float* inverse,
                              float* diffGamma, float* diffBeta) {
    float gamma = 0, beta = 0;
#pragma omp simd reduction(+ : gamma, beta)
    for (int64_t i = 0; i < count; ++i) {
        const int64_t s = kOwn ? i : 0;
        const float dy = toFloat(diffDst[i]);
        const float p = dy * (toFloat(src[i]) - mean[s]) * inverse[s];
        if (kEach) diffGamma[i] += p;
        if (kEach) diffBeta[i] += dy;
        gamma += p;
        beta += dy;
    }
    if (!kEach) diffGamma[0] += gamma;
    if (!kEach) diffBeta[0] += beta;
}

// Gradients of gamma and beta of a sample, per channel.
template <typename T>
NORMLAB_INLINE void channelGradients(const T* src, const T* diffDst, const SampleNorm& norm, float* room) {
    float *mean = room, *inverse = room + norm.statistics();
    float *gamma = room + norm.channelSums(), *beta = gamma + norm.rows.runs.channels;
    for (int64_t c = 0; c < norm.rows.runs.channels; ++c) gamma[c] = beta[c] = 0;
    withFlags(norm.ownStatistic(), norm.rows.alongChannels, [&](auto own, auto each) NORMLAB_INLINE_LAMBDA {
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            const int64_t s = norm.statisticOf(row);
            affineRow<own.value, each.value>(src + row.at, diffDst + row.at, row.count, mean + s, inverse + s,
                                             gamma + row.channel, beta + row.channel);
        }
    });
}

// Backward pass of a sample. Leaves moments in `room` and, if they are per channel, the gradients of gamma and beta.
// `diffSrc` may be null or equal diffDst.
template <typename T>
NORMLAB_INLINE void backwardSample(const T* src, const T* diffDst, T* diffSrc, const SampleNorm& norm,
                                   const Affine& affine, float* room) {
    const int64_t size = norm.statistics();
    float *mean = room, *inverse = room + size, *sums = room + 2 * size, *products = room + 3 * size;
    findMoments(src, norm, mean, inverse);
    if (!norm.ofValues) channelGradients(src, diffDst, norm, room);
    if (diffSrc == nullptr) return;
    for (int64_t i = 0; i < size; ++i) sums[i] = products[i] = 0;
    withFlags(norm.ownStatistic(), norm.ownAffine(), [&](auto own, auto ownAffine) NORMLAB_INLINE_LAMBDA {
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            const int64_t s = norm.statisticOf(row);
            addGradientsRow<own.value, ownAffine.value>(src + row.at, diffDst + row.at, row.count, mean + s,
                                                        inverse + s, affine.gamma + norm.affineOf(row), sums + s,
                                                        products + s);
        }
        toMeans(sums, norm);
        toMeans(products, norm);
        for (int64_t r = 0; r < norm.rows.rows; ++r) {
            const Row row = norm.rows.row(r);
            const int64_t s = norm.statisticOf(row);
            diffSrcRow<own.value, ownAffine.value>(src + row.at, diffDst + row.at, diffSrc + row.at, row.count,
                                                   mean + s, inverse + s, affine.gamma + norm.affineOf(row), sums + s,
                                                   products + s);
            zeroPadding(diffSrc + row.at, row);
        }
    });
}

// Gradients of gamma and beta for the values of one row, over all samples in order. `room`: the results of
// backwardSample, sample by sample.
template <typename T>
NORMLAB_INLINE void valueGradients(const T* src, const T* diffDst, const SampleNorm& norm, const float* room,
                                   int64_t index, float* diffGamma, float* diffBeta) {
    const Row row = norm.rows.row(index);
    const int64_t s = norm.statisticOf(row);
    float *gamma = diffGamma + row.at, *beta = diffBeta + row.at;
    for (int64_t i = 0; i < row.count + row.padding; ++i) gamma[i] = beta[i] = 0;
    withFlags(norm.ownStatistic(), true, [&](auto own, auto each) NORMLAB_INLINE_LAMBDA {
        for (int64_t n = 0; n < norm.rows.runs.samples; ++n) {
            const float *mean = room + n * norm.room() + s, *inverse = mean + norm.statistics();
            const int64_t at = n * norm.rows.runs.sampleStride + row.at;
            affineRow<own.value, each.value>(src + at, diffDst + at, row.count, mean, inverse, gamma, beta);
        }
    });
}

}  // namespace normlab
