// The addon's exports. There is no process-wide state: several worker threads may load it, each with its own DoorData.
#include "door/door.h"
#include "door/session_object.h"

namespace normlab {
namespace {

// { version: "2.6.3", isa: "avx512_core_amx", bf16: true }
Napi::Value describeLibrary(const Napi::CallbackInfo& info) {
    const dnnl_version_t* version = dnnl_version();
    Napi::Object out = Napi::Object::New(info.Env());
    out.Set("version", std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
                           std::to_string(version->patch));
    out.Set("isa", compat::isaName());
    out.Set("bf16", compat::hasNativeBf16());
    return out;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
    auto* data = new DoorData{Napi::Persistent(defineSession(env)), Napi::Persistent(defineProgram(env))};
    env.SetInstanceData(data);  // owned by the environment
    exports.Set("describeLibrary", Napi::Function::New(env, describeLibrary, "describeLibrary"));
    exports.Set("NativeSession", data->sessionClass.Value());
    return exports;
}

NODE_API_MODULE(normlab_native, init)

}  // namespace
}  // namespace normlab
