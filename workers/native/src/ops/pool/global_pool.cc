// Global average pooling by our own loops; oneDNN's takes several times as long as reading the memory.
#include "ops/pool/global_pool.h"

#include "kernels/pool/pool_kernels.h"
#include "ops/shared/norm_grid.h"

namespace normlab {
namespace {

struct GlobalPool {
    NormGrid grid;
    int images = -1, matrix = -1;
    bool bf16 = false;
};

// For images with layout `desc`; no value for layouts that our loops do not support.
std::optional<GlobalPool> describe(const Planner& plan, const Md& desc) {
    const std::optional<NormGrid> grid = normGridOf(desc);
    const DataType type = compat::typeOf(desc);
    if (!grid || grid->samples != plan.batch() || (type != DataType::f32 && type != DataType::bf16))
        return std::nullopt;
    GlobalPool out;
    out.grid = *grid;
    out.bf16 = type == DataType::bf16;
    return out;
}

// Calls work(images, unit, lanes of the matrix) for every unit.
template <typename T, typename Work>
void eachUnit(const RunContext& run, const GlobalPool& pool, Work work) {
    const NormGrid& grid = pool.grid;
    forUnits(grid.units(), grid.isWide(), false, [&](int64_t i) {
        T* row = run.at<T>(pool.matrix) + i / grid.groups * grid.channels + i % grid.groups * 16;
        work(run.at<T>(pool.images) + grid.at(i), grid.unitOf(i), row);
    });
}

template <typename T>
Kernel forward(const GlobalPool& pool) {
    return [pool](const RunContext& run) {
        eachUnit<T>(run, pool, [](const T* x, const NormUnit& unit, T* y) { poolKernels<T>().mean(x, unit, y); });
    };
}

template <typename T>
Kernel backward(const GlobalPool& pool) {
    return [pool](const RunContext& run) {
        eachUnit<T>(run, pool, [](T* dx, const NormUnit& unit, const T* dy) { poolKernels<T>().spread(dy, unit, dx); });
    };
}

}  // namespace

bool planOwnGlobalForward(Planner& plan, const Instruction& op, const Value& src) {
    std::optional<GlobalPool> pool = describe(plan, src.desc);
    if (!pool) return false;
    pool->images = src.buffer;
    pool->matrix = plan.write(op.dst, plainDesc(plan.dims(op.dst), compat::typeOf(src.desc))).buffer;
    plan.addKernel("globalAveragePoolForward " + op.node, {pool->images, pool->matrix},
                   pool->bf16 ? forward<Bf16>(*pool) : forward<float>(*pool));
    return true;
}

bool planOwnGlobalBackward(Planner& plan, const Instruction& op, const Md& src) {
    std::optional<GlobalPool> pool = describe(plan, src);
    if (!pool) return false;
    pool->matrix = plan.readPlain(op.diffDst, compat::typeOf(src)).buffer;
    pool->images = plan.write(op.diffSrc, src).buffer;
    plan.addKernel("globalAveragePoolBackward " + op.node, {pool->images, pool->matrix},
                   pool->bf16 ? backward<Bf16>(*pool) : backward<float>(*pool));
    return true;
}

}  // namespace normlab
