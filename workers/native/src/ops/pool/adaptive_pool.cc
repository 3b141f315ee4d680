// Adaptive average pooling of sizes that do not divide, in the layout of the images. Along an axis of H inputs and P
// outputs, output p has the inputs floor(p*H/P) ... ceil((p+1)*H/P) - 1, and m counts the pixels of a window:
//   forward   dst[p, q] = sum over the window of src / m
//   backward  diffSrc[each of the window] += diffDst[p, q] / m
// Sums are accumulated in f32, in row order.
#include "ops/pool/adaptive_pool.h"

#include <vector>

#include "base/bf16.h"
#include "kernels/channels/channel_runs.h"
#include "kernels/lanes/multiversion.h"

namespace normlab {
namespace {

// Inputs of one output along an axis.
struct Part {
    int64_t first = 0, end = 0;
};

struct Windows {
    std::vector<Part> rows, columns;
    int64_t width = 0;         // of src
    ChannelRuns inner, outer;  // src and dst
};

std::vector<Part> partsOf(int64_t inputs, int64_t outputs) {
    std::vector<Part> out;
    for (int64_t i = 0; i < outputs; ++i)
        out.push_back({i * inputs / outputs, ((i + 1) * inputs + outputs - 1) / outputs});
    return out;
}

Windows windowsOf(const Md& src, const Md& dst) {
    const Dims from = compat::dimsOf(src), to = compat::dimsOf(dst);
    const bool shrinks = from[2] * from[3] >= to[2] * to[3];
    const bool sideBySide = channelsSideBySide(*channelLayoutOf(shrinks ? src : dst));
    Windows out;
    out.rows = partsOf(from[2], to[2]);
    out.columns = partsOf(from[3], to[3]);
    out.width = from[3];
    out.inner = channelRunsOf(*channelLayoutOf(src), sideBySide);
    out.outer = channelRunsOf(*channelLayoutOf(dst), sideBySide);
    return out;
}

// Calls visit(output pixel, rows, columns, 1/m) for all outputs of a plane.
template <typename Visit>
inline void eachWindow(const Windows& windows, Visit visit) {
    int64_t pixel = 0;
    for (const Part& rows : windows.rows) {
        for (const Part& columns : windows.columns) {
            const int64_t count = (rows.end - rows.first) * (columns.end - columns.first);
            visit(pixel++, rows, columns, 1.0F / static_cast<float>(count));
        }
    }
}

// Chunk `chunk` of sample `n`.
template <typename T>
inline void meanChunk(const T* src, T* dst, const Windows& windows, int64_t n, int64_t chunk) {
    const int64_t run = windows.inner.run;
    const T* from = src + windows.inner.at(n, chunk, 0);
    T* to = dst + windows.outer.at(n, chunk, 0);
    std::vector<float> room(static_cast<size_t>(run));
    float* sums = room.data();
    eachWindow(windows, [&](int64_t pixel, const Part& rows, const Part& columns, float share) {
        for (int64_t i = 0; i < run; ++i) sums[i] = 0;
        for (int64_t y = rows.first; y < rows.end; ++y) {
            for (int64_t x = columns.first; x < columns.end; ++x) {
                const T* at = from + (y * windows.width + x) * run;
                for (int64_t i = 0; i < run; ++i) sums[i] += toFloat(at[i]);
            }
        }
        for (int64_t i = 0; i < run; ++i) to[pixel * run + i] = fromFloat<T>(sums[i] * share);
    });
}

template <typename T>
inline void spreadChunk(const T* diffDst, T* diffSrc, const Windows& windows, int64_t n, int64_t chunk) {
    const int64_t run = windows.inner.run;
    const T* from = diffDst + windows.outer.at(n, chunk, 0);
    std::vector<float> sums(static_cast<size_t>(windows.inner.pixels * run), 0.0F);
    eachWindow(windows, [&](int64_t pixel, const Part& rows, const Part& columns, float share) {
        const T* dy = from + pixel * run;
        for (int64_t y = rows.first; y < rows.end; ++y) {
            for (int64_t x = columns.first; x < columns.end; ++x) {
                float* at = &sums[static_cast<size_t>((y * windows.width + x) * run)];
                for (int64_t i = 0; i < run; ++i) at[i] += toFloat(dy[i]) * share;
            }
        }
    });
    T* to = diffSrc + windows.inner.at(n, chunk, 0);
    for (size_t i = 0; i < sums.size(); ++i) to[i] = fromFloat<T>(sums[i]);
}

NORMLAB_BY_LEVEL(void, meanF32, (const float* src, float* dst, const Windows& windows, int64_t n, int64_t chunk),
                 (src, dst, windows, n, chunk), { meanChunk(src, dst, windows, n, chunk); })
NORMLAB_BY_LEVEL(void, meanBf16, (const Bf16* src, Bf16* dst, const Windows& windows, int64_t n, int64_t chunk),
                 (src, dst, windows, n, chunk), { meanChunk(src, dst, windows, n, chunk); })
NORMLAB_BY_LEVEL(void, spreadF32, (const float* from, float* to, const Windows& windows, int64_t n, int64_t chunk),
                 (from, to, windows, n, chunk), { spreadChunk(from, to, windows, n, chunk); })
NORMLAB_BY_LEVEL(void, spreadBf16, (const Bf16* from, Bf16* to, const Windows& windows, int64_t n, int64_t chunk),
                 (from, to, windows, n, chunk), { spreadChunk(from, to, windows, n, chunk); })

// `kernel(from, to, windows, n, chunk)` over all chunks of all samples.
template <typename T, typename ChunkKernel>
Kernel overChunks(Windows windows, int from, int to, ChunkKernel kernel) {
    return [windows = std::move(windows), from, to, kernel](const RunContext& run) {
        const int64_t chunks = windows.inner.chunks, all = windows.inner.samples * chunks;
#pragma omp parallel for schedule(static)
        for (int64_t i = 0; i < all; ++i) kernel(run.at<T>(from), run.at<T>(to), windows, i / chunks, i % chunks);
    };
}

}  // namespace

void planOwnAdaptiveForward(Planner& plan, const Instruction& op, const Value& src) {
    const DataType type = compat::typeOf(src.desc);
    const Value dst = plan.write(op.dst, likeDesc(src.desc, plan.dims(op.dst), type));
    const Windows windows = windowsOf(src.desc, dst.desc);
    plan.addKernel("adaptiveAveragePoolForward " + op.node, {src.buffer, dst.buffer},
                   type == DataType::bf16 ? overChunks<Bf16>(windows, src.buffer, dst.buffer, meanBf16)
                                          : overChunks<float>(windows, src.buffer, dst.buffer, meanF32));
}

void planOwnAdaptiveBackward(Planner& plan, const Instruction& op, const Md& like) {
    const DataType type = compat::typeOf(like);
    const Value diffDst = plan.read(op.diffDst, likeDesc(like, plan.dims(op.diffDst), type));
    const Value diffSrc = plan.write(op.diffSrc, like);
    const Windows windows = windowsOf(diffSrc.desc, diffDst.desc);
    plan.addKernel("adaptiveAveragePoolBackward " + op.node, {diffDst.buffer, diffSrc.buffer},
                   type == DataType::bf16 ? overChunks<Bf16>(windows, diffDst.buffer, diffSrc.buffer, spreadBf16)
                                          : overChunks<float>(windows, diffDst.buffer, diffSrc.buffer, spreadF32));
}

}  // namespace normlab
