// Max pooling by our own loops: oneDNN has no vectorized kernel for channels last with AVX2. The indices are the
// positions of the maxima in their windows, one byte each, in the layout of the pooled images.
#include "ops/pool/max_pool.h"

#include "kernels/pool/pool_kernels.h"
#include "ops/shared/norm_grid.h"

namespace normlab {
namespace {

struct MaxPool {
    NormGrid images, pooled;
    PoolWindows windows;
};

// Every window has a pixel of the image: its padding is smaller than the window, and it begins within the image.
bool readsImage(int64_t size, int64_t pooled, int64_t kernel, int64_t stride, int64_t pad) {
    return pad < kernel && (pooled - 1) * stride - pad < size;
}

std::optional<MaxPool> describe(const Planner& plan, const Instruction& op, const Md& src, const Dims& pooledDims) {
    const Dims dims = compat::dimsOf(src);
    if (compat::typeOf(src) != DataType::f32 || dims.size() != 4 || pooledDims.size() != 4) return std::nullopt;
    const std::array<int64_t, 2> ones{1, 1};
    if (op.dilation != ones || op.kernel[0] * op.kernel[1] > kMostWindowPixels) return std::nullopt;
    for (size_t i = 0; i < 2; ++i)
        if (!readsImage(dims[2 + i], pooledDims[2 + i], op.kernel[i], op.stride[i], op.padding[i])) return std::nullopt;
    const std::optional<NormGrid> images = normGridOf(src);
    const std::optional<NormGrid> pooled = normGridOf(likeDesc(src, pooledDims, DataType::f32));
    if (!images || !pooled || !walksSamples(plan, *images) || !walksSamples(plan, *pooled)) return std::nullopt;
    MaxPool out{*images, *pooled, {}};
    out.images.unit.height = dims[2];
    out.images.unit.width = dims[3];
    out.windows = {pooledDims[2], pooledDims[3], pooled->unit.stride, op.kernel[0], op.kernel[1],
                   op.stride[0],  op.stride[1],  op.padding[0],       op.padding[1]};
    return out;
}

}  // namespace

bool planOwnMaxForward(Planner& plan, const Instruction& op, const Value& src) {
    const Dims dims = plan.dims(op.dst);
    const std::optional<MaxPool> pool = describe(plan, op, src.desc, dims);
    if (!pool) return false;
    const int to = plan.write(op.dst, likeDesc(src.desc, dims, DataType::f32)).buffer;
    const int places = op.indices == kNone ? -1 : plan.write(op.indices, likeDesc(src.desc, dims, DataType::u8)).buffer;
    std::vector<int> touched = {src.buffer, to};
    if (places >= 0) touched.push_back(places);
    plan.addKernel("maxPoolForward " + op.node, touched, [=, work = *pool, from = src.buffer](const RunContext& run) {
        forUnits(work.images.units(), work.images.isWide(), false, [&](int64_t i) {
            const int64_t at = work.pooled.at(i);
            poolKernels<float>().largest(run.at<float>(from) + work.images.at(i), work.images.unitOf(i), work.windows,
                                         run.at<float>(to) + at, places < 0 ? nullptr : run.at<uint8_t>(places) + at);
        });
    });
    return true;
}

bool planOwnMaxBackward(Planner& plan, const Instruction& op, const Md& src) {
    const Dims dims = plan.dims(op.diffDst);
    const std::optional<MaxPool> pool = describe(plan, op, src, dims);
    if (!pool) return false;
    const int from = plan.read(op.diffDst, likeDesc(src, dims, DataType::f32)).buffer;
    const int places = plan.at(op.indices).buffer;
    const int to = plan.write(op.diffSrc, src).buffer;
    plan.addKernel("maxPoolBackward " + op.node, {from, places, to}, [=, work = *pool](const RunContext& run) {
        forUnits(work.images.units(), work.images.isWide(), false, [&](int64_t i) {
            const int64_t at = work.pooled.at(i);
            poolKernels<float>().toLargest(run.at<float>(from) + at, run.at<uint8_t>(places) + at,
                                           work.images.unitOf(i), work.windows, run.at<float>(to) + work.images.at(i));
        });
    });
    return true;
}

}  // namespace normlab
