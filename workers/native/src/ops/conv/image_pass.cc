#include "ops/conv/image_pass.h"

#include <algorithm>

#include "base/thread_share.h"
#include "ops/norm/norm_plan.h"
#include "ops/shared/conv_images.h"

namespace normlab {
namespace {

// Bytes of the samples that are computed before the epilogue reads them.
constexpr int64_t kTogether = 512 << 10;

// A thread's share of the images: all at once, or as many as stay in its cache for the epilogue.
void writeShare(const RunContext& run, const ImagePass& pass, const ImageLoops& loops, int64_t count) {
    const ThreadShare units = shareOf(count * loops.unitsOfSample), samples = shareOf(count);
    if (!pass.epilogue) return loops.write(run, pass, units.first, units.last);
    const int64_t bytes = pass.written.sampleStride * static_cast<int64_t>(sizeof(float));
    const int64_t together = std::max<int64_t>(1, kTogether / bytes);
    for (int64_t n = samples.first; n < samples.last; n += together) {
        const int64_t end = std::min(n + together, samples.last);
        loops.write(run, pass, n * loops.unitsOfSample, end * loops.unitsOfSample);
        pass.epilogue->run(run, n, end);
    }
}

}  // namespace

ImagePass imagePass(bool backward, const Value& src, const Value& dst) {
    ImagePass out;
    out.backward = backward;
    out.src = src.buffer;
    out.dst = dst.buffer;
    out.written = groupedImageOf(dst.desc);
    return out;
}

void addImagePass(Planner& plan, const Instruction& op, const std::string& label, ImagePass pass,
                  const ImageLoops& loops) {
    pass.weights = plan.readPlain(op.weights, DataType::f32).buffer;
    if (!pass.backward && op.bias != kNone) pass.bias = plan.readPlain(op.bias, DataType::f32).buffer;
    if (plan.batch() >= plan.threads())
        pass.epilogue = pass.backward ? reductionEpilogue(plan, op.diffSrc) : statisticsEpilogue(plan, op.dst);
    pass.packed = plan.weightBytes(static_cast<size_t>(loops.packedFloats) * sizeof(float));
    std::vector<int> touched = {pass.src, pass.weights, pass.dst, pass.packed};
    if (pass.bias >= 0) touched.push_back(pass.bias);
    if (pass.epilogue) touched.insert(touched.end(), pass.epilogue->touched.begin(), pass.epilogue->touched.end());
    const int64_t samples = plan.batch();
    const int threads = static_cast<int>(std::min<int64_t>(plan.threads(), samples * loops.unitsOfSample));
    plan.addKernel(label, touched, [=](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            if (!run.weightsReady) {
                const ThreadShare groups = shareOf(loops.groups);
                loops.pack(run, pass, groups.first, groups.last);
#pragma omp barrier
            }
            writeShare(run, pass, loops, samples);
        }
    });
}

}  // namespace normlab
