// The addon's exports. The only process-wide state is the cap of the instruction set: several worker threads may load
// it, each with its own DoorData.
#include <mutex>

#include "base/cpu_cap.h"
#include "door/door.h"
#include "door/session_object.h"
#include "kernels/amx/amx_level.h"
#include "kernels/lanes/cpu_levels.h"

namespace normlab {
namespace {

// The level of the machine, whatever NORMLAB_CPU says.
const char* machineName() {
    if (NORMLAB_ARM64) return "neon";
    if (isAmxMachine()) return "amx";
    const int level = machineLevel();
    return level >= 4 ? "v4" : level == 3 ? "v3" : "v2";
}

// { version: "2.6.3", isa: "avx512_core_amx", bf16: true, machine: "amx" }
Napi::Value describeLibrary(const Napi::CallbackInfo& info) {
    const dnnl_version_t* version = dnnl_version();
    Napi::Object out = Napi::Object::New(info.Env());
    out.Set("version", std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
                           std::to_string(version->patch));
    out.Set("isa", compat::isaName());
    out.Set("bf16", compat::hasNativeBf16());
    out.Set("machine", machineName());
    return out;
}

std::once_flag capped;

Napi::Object init(Napi::Env env, Napi::Object exports) {
    std::call_once(capped, compat::capIsa);
    auto* data = new DoorData{Napi::Persistent(defineSession(env)), Napi::Persistent(defineProgram(env))};
    env.SetInstanceData(data);  // owned by the environment
    exports.Set("describeLibrary", Napi::Function::New(env, describeLibrary, "describeLibrary"));
    exports.Set("NativeSession", data->sessionClass.Value());
    return exports;
}

NODE_API_MODULE(normlab_native, init)

}  // namespace
}  // namespace normlab
