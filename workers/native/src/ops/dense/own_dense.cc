// Dense layers in f32 by our own loops (dense_kernels.h), with AVX2 or AVX-512. oneDNN copies the operands of each
// product, and the order of its sums depends on the batch. Threads share outputs or features, so that no sum is
// divided. The gradient of a weight is written by the thread that reads it in the forward pass, as the update shares
// the weights in the same order: few cache lines move between cores.
#include "ops/dense/own_dense.h"

#include "base/thread_share.h"
#include "kernels/dense/dense_kernels.h"
#include "kernels/lanes/cpu_levels.h"

namespace normlab {
namespace {

// Gradients read a kernel in columns: beyond the second-level cache oneDNN's copies are better.
constexpr int64_t kMostWeights = 1 << 19;
// Below this many products a second thread costs more than it saves.
constexpr int64_t kFewProducts = 1 << 16;

bool applies(const Planner& plan) {
    return cpuLevel() >= 3 && plan.computeType() == DataType::f32;
}

DenseSizes sizesOf(const Dims& rows, const Dims& weights) {
    return {rows[0], weights[1], weights[0]};
}

// Threads that share `parts`.
int threadsFor(const Planner& plan, const DenseSizes& of, int64_t parts) {
    if (of.rows * of.ins * of.outs < kFewProducts) return 1;
    return static_cast<int>(std::min<int64_t>(plan.threads(), parts));
}

int64_t tilesAcross(const DenseSizes& of) {
    return (of.ins + kDenseColumns - 1) / kDenseColumns;
}

// Calls work(first, last) for the thread's share of the features, in whole tiles.
template <typename Work>
void eachTiles(const DenseSizes& of, int threads, Work work) {
    (void)threads;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        const ThreadShare share = shareOf(tilesAcross(of));
        work(share.first * kDenseColumns, std::min(share.last * kDenseColumns, of.ins));
    }
}

// db[o] = the sum of dy[n][o] over the rows.
void sumRows(const DenseSizes& of, const float* dy, float* db) {
    for (int64_t o = 0; o < of.outs; ++o) db[o] = 0;
    for (int64_t n = 0; n < of.rows; ++n)
        for (int64_t o = 0; o < of.outs; ++o) db[o] += dy[n * of.outs + o];
}

}  // namespace

bool planRowsForward(Planner& plan, const Instruction& op) {
    if (!applies(plan)) return false;
    const DenseSizes of = sizesOf(plan.dims(op.src), plan.dims(op.weights));
    const int x = plan.readPlain(op.src, DataType::f32).buffer, w = plan.readPlain(op.weights, DataType::f32).buffer;
    const int bias = op.bias == kNone ? -1 : plan.readPlain(op.bias, DataType::f32).buffer;
    const int y = plan.write(op.dst, plainDesc(plan.dims(op.dst), DataType::f32)).buffer;
    std::vector<int> touched = {x, w, y};
    if (bias >= 0) touched.push_back(bias);
    const int threads = threadsFor(plan, of, of.outs);
    plan.addKernel("denseForward+rows " + op.node, touched, [=](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            const ThreadShare share = shareOf(of.outs);
            denseKernels().forward(of, run.at<float>(x), run.at<float>(w), bias < 0 ? nullptr : run.at<float>(bias),
                                   share.first, share.last, run.at<float>(y));
        }
    });
    return true;
}

bool planRowsData(Planner& plan, const Instruction& op) {
    const DenseSizes of = sizesOf(plan.dims(op.diffSrc), plan.dims(op.weights));
    if (!applies(plan) || of.ins * of.outs > kMostWeights) return false;
    const int dy = plan.readPlain(op.diffDst, DataType::f32).buffer;
    const int w = plan.readPlain(op.weights, DataType::f32).buffer;
    const int dx = plan.write(op.diffSrc, plainDesc(plan.dims(op.diffSrc), DataType::f32)).buffer;
    const int threads = threadsFor(plan, of, tilesAcross(of));
    plan.addKernel("denseBackwardData+rows " + op.node, {dy, w, dx}, [=](const RunContext& run) {
        eachTiles(of, threads, [&](int64_t first, int64_t last) {
            denseKernels().data(of, run.at<float>(dy), run.at<float>(w), first, last, run.at<float>(dx));
        });
    });
    return true;
}

bool planRowsWeights(Planner& plan, const Instruction& op) {
    const DenseSizes of = sizesOf(plan.dims(op.src), plan.dims(op.diffWeights));
    if (!applies(plan) || of.ins * of.outs > kMostWeights) return false;
    const int dy = plan.readPlain(op.diffDst, DataType::f32).buffer;
    const int x = plan.readPlain(op.src, DataType::f32).buffer;
    const int dw = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int db =
        op.diffBias == kNone ? -1 : plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer;
    std::vector<int> touched = {dy, x, dw};
    if (db >= 0) touched.push_back(db);
    const int threads = threadsFor(plan, of, of.outs);
    plan.addKernel("denseBackwardWeights+rows " + op.node, touched, [=](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            const ThreadShare share = shareOf(of.outs);
            denseKernels().weights(of, run.at<float>(dy), run.at<float>(x), share.first, share.last, run.at<float>(dw));
        }
        if (db >= 0) sumRows(of, run.at<float>(dy), run.at<float>(db));
    });
    return true;
}

}  // namespace normlab
