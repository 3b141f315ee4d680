// The exports of the image decoder. No process-wide state: several worker threads may load it.
#include <napi.h>

#include <algorithm>
#include <memory>
#include <string>

#include <jpeglib.h>
#include <png.h>

#include "door/js_object.h"
#include "batch.h"
#include "decode.h"
#include "entropy/entropy_check.h"

namespace normlab::image {
namespace {

constexpr int64_t kMaxTargetSide = 16'384;
// The same numbers as in core/document/crop.ts.
constexpr double kCropFraction = 0.875;
constexpr double kLeastCropFraction = 0.1;

template <typename T>
T* lent(const JsObject& from, const char* key, size_t length) {
    const Napi::Value value = from.raw(key);
    demand(value.IsTypedArray(), from.pathOf(key) + " must be a typed array");
    auto array = value.As<Napi::TypedArrayOf<T>>();
    demand(array.ElementSize() == sizeof(T) && array.ElementLength() >= length, from.pathOf(key) + " is too short");
    return array.Data();
}

Policy policyOf(const JsObject& from) {
    const std::string resize = from.text("resize");
    if (resize == "stretch") return Policy::stretch;
    if (resize == "fit") return Policy::fit;
    if (resize == "cover") return Policy::cover;
    demand(resize == "crop", from.pathOf("resize") + " is unknown");
    return Policy::crop;
}

Target targetOf(const JsObject& from) {
    const Policy policy = policyOf(from);
    const bool hasFraction = policy == Policy::crop && from.has("cropFraction");
    const Target target{from.integer("width"), from.integer("height"), from.integer("channels"), policy,
                        hasFraction ? from.number("cropFraction") : kCropFraction};
    demand(target.width >= 1 && target.width <= kMaxTargetSide && target.height >= 1 && target.height <= kMaxTargetSide,
           from.path() + " has an impossible size");
    demand(target.cropFraction >= kLeastCropFraction && target.cropFraction <= 1,
           from.pathOf("cropFraction") + " must be from 0.1 to 1");
    demand(target.channels == 1 || target.channels == 3, from.pathOf("channels") + " must be 1 or 3");
    return target;
}

// Paths in UTF-8, each terminated by a zero byte.
std::vector<FileItem> filesOf(const JsObject& from, size_t count) {
    const char* at = reinterpret_cast<const char*>(lent<uint8_t>(from, "paths", 0));
    const char* end = at + from.raw("paths").As<Napi::TypedArray>().ByteLength();
    const double* sizes = lent<double>(from, "sizes", count);
    const double* times = lent<double>(from, "times", count);
    std::vector<FileItem> files;
    for (size_t file = 0; file < count; ++file) {
        const char* stop = std::find(at, end, '\0');
        demand(stop < end, from.pathOf("paths") + " holds fewer names than files");
        files.push_back({std::string(at, stop), sizes[file], times[file]});
        at = stop + 1;
    }
    return files;
}

class BatchWorker : public Napi::AsyncWorker {
   public:
    explicit BatchWorker(Napi::Object request)
        : Napi::AsyncWorker(request.Env(), "normlab_decode"), ended_(Napi::Promise::Deferred::New(request.Env())) {
        const JsObject from(request, "batch");
        const auto count = static_cast<size_t>(from.integer("count"));
        batch_.files = filesOf(from, count);
        batch_.target = targetOf(from.object("target"));
        batch_.pixels = lent<uint8_t>(from, "pixels", count * batch_.target.bytes());
        batch_.states = lent<int32_t>(from, "states", count);
        batch_.checksums = lent<uint32_t>(from, "checksums", count);
        batch_.histograms = lent<double>(from, "histograms", static_cast<size_t>(batch_.target.channels) * 256);
        batch_.control = lent<int32_t>(from, "control", 2);
        batch_.threads = static_cast<int>(from.integer("threads"));
        request_ = Napi::Persistent(request);  // keeps the lent buffers alive
    }
    Napi::Promise promise() const { return ended_.Promise(); }

   private:
    void Execute() override { decodeBatch(batch_); }
    void OnOK() override { ended_.Resolve(Env().Undefined()); }
    void OnError(const Napi::Error& error) override { ended_.Reject(error.Value()); }

    Batch batch_;
    Napi::Promise::Deferred ended_;
    Napi::ObjectReference request_;
};

// Converts the addon's own errors into JavaScript errors.
template <typename Body>
Napi::Value guarded(const Napi::CallbackInfo& info, Body body) {
    try {
        return body();
    } catch (const Napi::Error&) {
        throw;
    } catch (const std::exception& error) {
        throw Napi::Error::New(info.Env(), error.what());
    }
}

Napi::Value decodeFiles(const Napi::CallbackInfo& info) {
    return guarded(info, [&]() -> Napi::Value {
        auto worker = std::make_unique<BatchWorker>(info[0].ToObject());
        const Napi::Promise promise = worker->promise();
        worker.release()->Queue();  // deletes itself when done
        return promise;
    });
}

// decode({ bytes, target, out, quickEntropy? }): returns true when `out` holds the image, false when the file needs the
// general decoder.
Napi::Value decode(const Napi::CallbackInfo& info) {
    return guarded(info, [&]() -> Napi::Value {
        const JsObject from(info[0], "request");
        const Target target = targetOf(from.object("target"));
        uint8_t* out = lent<uint8_t>(from, "out", target.bytes());
        const Bytes file{lent<uint8_t>(from, "bytes", 0), from.raw("bytes").As<Napi::TypedArray>().ByteLength()};
        Limits limits;
        if (from.has("quickEntropy")) limits.leastQuickBytes = from.boolean("quickEntropy") ? 0 : SIZE_MAX;
        bool isDone = true;
        try {
            decodeImage(file, target, limits, out);
        } catch (const Refused&) {
            isDone = false;
        }
        return Napi::Boolean::New(info.Env(), isDone);
    });
}

// resize({ pixels, width, height, shownWidth, shownHeight, target, out }): pixels and out have target.channels
// channels. The layout is that of an image of the shown size.
Napi::Value resize(const Napi::CallbackInfo& info) {
    return guarded(info, [&]() -> Napi::Value {
        const JsObject from(info[0], "request");
        const Target target = targetOf(from.object("target"));
        const int64_t width = from.integer("width");
        const int64_t height = from.integer("height");
        demand(width >= 1 && height >= 1 && width <= Limits{}.maxPixels / height, "request has an impossible size");
        const uint8_t* pixels = lent<uint8_t>(from, "pixels", static_cast<size_t>(width * height * target.channels));
        const int64_t shownWidth = from.integer("shownWidth");
        const int64_t shownHeight = from.integer("shownHeight");
        demand(shownWidth >= 1 && shownHeight >= 1, "request has an impossible shown size");
        const Placement placed = place(shownWidth, shownHeight, target);
        resizePixels(pixels, width, height, target.channels, placed, target,
                     lent<uint8_t>(from, "out", target.bytes()));
        return info.Env().Undefined();
    });
}

Napi::Value hasQuickEntropy(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), isQuickEntropySound());
}

#define NORMLAB_TEXT(x) #x
#define NORMLAB_VERSION_TEXT(x) NORMLAB_TEXT(x)

Napi::Object init(Napi::Env env, Napi::Object exports) {
    exports.Set("version", std::string("libjpeg-turbo " NORMLAB_VERSION_TEXT(LIBJPEG_TURBO_VERSION) ", libpng ") +
                               png_get_libpng_ver(nullptr));
    exports.Set("decodeFiles", Napi::Function::New(env, decodeFiles, "decodeFiles"));
    exports.Set("decode", Napi::Function::New(env, decode, "decode"));
    exports.Set("hasQuickEntropy", Napi::Function::New(env, hasQuickEntropy, "hasQuickEntropy"));
    exports.Set("resize", Napi::Function::New(env, resize, "resize"));
    return exports;
}

NODE_API_MODULE(normlab_image, init)

}  // namespace
}  // namespace normlab::image
