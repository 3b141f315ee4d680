// The boundary between JavaScript and the engine: no other code throws to JavaScript or uses Napi values.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "run/executor.h"
#include "run/session.h"
#include "base/status.h"

namespace normlab {

// A JavaScript Error whose `code` is that of `code` (workers/native/nativeError.ts).
inline Napi::Error errorOf(Napi::Env env, const char* sentence, ErrorCode code) {
    Napi::Error error = Napi::Error::New(env, sentence);
    error.Set("code", Napi::String::New(env, codeText(code)));
    return error;
}

inline Napi::Error errorOf(Napi::Env env, const Failure& failure) {
    Napi::Error error = errorOf(env, failure.what(), failure.code);
    if (failure.code == ErrorCode::outOfMemory) error.Set("mebibytes", Napi::Number::New(env, failure.mebibytes));
    return error;
}

// The addon's only throw to JavaScript: converts any exception of `work` to an Error with its code and sentence.
template <typename Work>
auto guarded(Napi::Env env, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const Napi::Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw errorOf(env, "out of memory", ErrorCode::outOfMemory);
    } catch (const Failure& failure) {
        throw errorOf(env, failure);
    } catch (const std::exception& error) {
        throw errorOf(env, error.what(), ErrorCode::internal);
    }
}

// A typed array lent by JavaScript for longer than one call. It is kept alive, and its address is checked before every
// use, since a transferred or detached buffer moves.
template <typename Array, typename Element>
class LentArray {
   public:
    LentArray() = default;
    LentArray(Napi::Value value, const char* name) : name_(name) {
        demand(value.IsTypedArray(), std::string(name) + " must be a typed array");
        demand(value.As<Napi::TypedArray>().TypedArrayType() == wantedType(),
               std::string(name) + " has the wrong element type");
        const Array array = value.As<Array>();
        data_ = const_cast<Element*>(array.Data());
        size_ = static_cast<int64_t>(array.ElementLength());
        reference_ = Napi::Persistent(value.As<Napi::Object>());
    }

    Element* data() const { return data_; }
    int64_t size() const { return size_; }

    void check() const {
        if (size_ == 0) return;
        const Array array = reference_.Value().template As<Array>();
        demand(static_cast<int64_t>(array.ElementLength()) == size_ && array.Data() == data_,
               std::string("the lent array '") + name_ + "' was detached or moved");
    }

   private:
    static napi_typedarray_type wantedType() {
        return sizeof(Element) == sizeof(double) ? napi_float64_array : napi_float32_array;
    }

    const char* name_ = "";
    Element* data_ = nullptr;
    int64_t size_ = 0;
    Napi::ObjectReference reference_;
};

using LentFloats = LentArray<Napi::Float32Array, float>;
using LentDoubles = LentArray<Napi::Float64Array, double>;

// Constructors of this environment's classes: each worker thread has its own.
struct DoorData {
    Napi::FunctionReference sessionClass;
    Napi::FunctionReference programClass;
};

Napi::Function defineSession(Napi::Env env);
Napi::Function defineProgram(Napi::Env env);

}  // namespace normlab
