#include "ops/norm/norm_patterns.h"

#include <array>

namespace normlab {
namespace {

using Users = std::vector<int>;

const Instruction& instructionAt(const Planner& plan, int index) {
    return plan.program().instructions[static_cast<size_t>(index)];
}

// The one user of `tensor` besides the instruction at `index`; -1 where there is none or more than one.
int onlyOther(const Planner& plan, int tensor, int index) {
    const Users& users = plan.usersOf(tensor);
    if (users.size() != 2 || plan.isOutput(tensor)) return -1;
    return users[0] == index ? users[1] : users[0];
}

bool isHalvingWindow(const Planner& plan, const Instruction& pool) {
    const Dims src = plan.dims(pool.src);
    return pool.kernel == std::array<int64_t, 2>{2, 2} && pool.stride == std::array<int64_t, 2>{2, 2} &&
           pool.dilation == std::array<int64_t, 2>{1, 1} && pool.padding == std::array<int64_t, 4>{0, 0, 0, 0} &&
           src.size() == 4 && src[2] % 2 == 0 && src[3] % 2 == 0;
}

bool isRelu(const Instruction& op, const char* name) {
    return op.op == name && op.fn == "relu";
}

// The backward half: maxPoolBackward by these indices, whose gradient only this block's batchNormBackward reads.
bool findPooledBackward(const Planner& plan, const Instruction& norm, int indices, PooledNorm& out) {
    const int back = onlyOther(plan, indices, out.pool);
    if (back < 0) return false;
    const Instruction& pool = instructionAt(plan, back);
    if (pool.op != "maxPoolBackward" || pool.indices != indices) return false;
    const int normBack = onlyOther(plan, pool.diffSrc, back);
    if (normBack < 0) return false;
    const Instruction& backward = instructionAt(plan, normBack);
    if (backward.op != "batchNormBackward" || backward.diffDst != pool.diffSrc) return false;
    if (backward.src != norm.src || backward.node != norm.node || !backward.fusedRelu) return false;
    out.poolBackward = back;
    out.backward = normBack;
    return true;
}

}  // namespace

std::optional<PooledNorm> findPooledNorm(const Planner& plan, int index) {
    const Instruction& norm = instructionAt(plan, index);
    PooledNorm out;
    out.pool = norm.fusedRelu ? onlyOther(plan, norm.dst, index) : -1;
    if (out.pool < 0) return std::nullopt;
    const Instruction& pool = instructionAt(plan, out.pool);
    if (pool.op != "maxPoolForward" || pool.src != norm.dst || !isHalvingWindow(plan, pool)) return std::nullopt;
    const bool trains = pool.indices != kNone && plan.usersOf(pool.indices).size() > 1;
    if (trains && !findPooledBackward(plan, norm, pool.indices, out)) return std::nullopt;
    for (const int user : norm.mask == kNone ? Users{} : plan.usersOf(norm.mask))
        if (user != index && user != out.backward) return std::nullopt;
    return out;
}

std::optional<AddedNorm> findAddedNorm(const Planner& plan, int index) {
    const Instruction& norm = instructionAt(plan, index);
    AddedNorm out;
    out.sum = norm.fusedRelu ? -1 : onlyOther(plan, norm.dst, index);
    if (out.sum < 0) return std::nullopt;
    const Instruction& sum = instructionAt(plan, out.sum);
    if (sum.op != "sum" || sum.srcs.size() != 2 || sum.srcs[0] == sum.srcs[1]) return std::nullopt;
    out.other = sum.srcs[0] == norm.dst ? sum.srcs[1] : sum.srcs[0];
    if (!plan.isWritten(out.other) || plan.isOutput(sum.dst)) return std::nullopt;
    for (const int user : plan.usersOf(sum.dst)) {
        if (user == out.sum || isRelu(instructionAt(plan, user), "activationBackward")) continue;
        if (out.relu >= 0 || !isRelu(instructionAt(plan, user), "activationForward")) return std::nullopt;
        out.relu = user;
    }
    return out.relu < 0 ? std::nullopt : std::optional<AddedNorm>(out);
}

std::optional<RectifiedNorm> findRectifiedNorm(const Planner& plan, int index) {
    RectifiedNorm out;
    out.relu = index;
    const Instruction& first = instructionAt(plan, index);
    if (first.op == "sum") {
        if (first.srcs.size() != 2) return std::nullopt;
        out.sum = index;
        out.relu = onlyOther(plan, first.dst, index);
    }
    if (out.relu < 0) return std::nullopt;
    const Instruction& relu = instructionAt(plan, out.relu);
    if (!isRelu(relu, "activationBackward") || (out.sum >= 0 && relu.diffDst != first.dst)) return std::nullopt;
    for (const int user : plan.usersOf(relu.diffSrc)) {
        if (user == out.relu) continue;
        out.backward = user;  // users stand in order: the first reader must be the normalization
        break;
    }
    if (out.backward < 0) return std::nullopt;
    const Instruction& norm = instructionAt(plan, out.backward);
    const bool fits = norm.op == "batchNormBackward" && norm.diffDst == relu.diffSrc && !norm.fusedRelu;
    return fits ? std::optional<RectifiedNorm>(out) : std::nullopt;
}

}  // namespace normlab
