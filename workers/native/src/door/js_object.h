// Typed reads of plain JavaScript objects; every mistake is a Failure that names the path of the field.
#pragma once

#include <napi.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/status.h"

namespace normlab {

class JsObject {
   public:
    JsObject(Napi::Value value, std::string path) : path_(std::move(path)) {
        demand(value.IsObject(), path_ + " must be an object");
        object_ = value.As<Napi::Object>();
    }

    const std::string& path() const { return path_; }
    std::string pathOf(const std::string& key) const { return path_ + "." + key; }
    Napi::Value raw(const char* key) const { return object_.Get(key); }
    bool has(const char* key) const { return !raw(key).IsUndefined(); }
    bool isNull(const char* key) const { return raw(key).IsNull() || raw(key).IsUndefined(); }
    JsObject object(const char* key) const { return JsObject(raw(key), pathOf(key)); }

    double number(const char* key) const { return numberOf(raw(key), pathOf(key)); }
    int64_t integer(const char* key) const { return integerOf(raw(key), pathOf(key)); }

    bool boolean(const char* key) const {
        demand(raw(key).IsBoolean(), pathOf(key) + " must be true or false");
        return raw(key).As<Napi::Boolean>();
    }

    std::string text(const char* key) const {
        demand(raw(key).IsString(), pathOf(key) + " must be a text");
        return raw(key).As<Napi::String>();
    }

    // A number, or 1 for true and 0 for false.
    double numberOrFlag(const char* key) const { return raw(key).IsBoolean() ? boolean(key) : number(key); }

    std::vector<std::string> texts(const char* key) const {
        std::vector<std::string> out;
        const Napi::Array array = arrayOf(key);
        for (uint32_t i = 0; i < array.Length(); ++i) {
            const Napi::Value value = array.Get(i);
            demand(value.IsString(), item(key, i) + " must be a text");
            out.push_back(value.As<Napi::String>());
        }
        return out;
    }

    // Names of the object's own fields.
    std::vector<std::string> keys() const {
        std::vector<std::string> out;
        const Napi::Array names = object_.GetPropertyNames();
        for (uint32_t i = 0; i < names.Length(); ++i) out.push_back(names.Get(i).ToString());
        return out;
    }

    std::vector<JsObject> objects(const char* key) const {
        std::vector<JsObject> out;
        const Napi::Array array = arrayOf(key);
        for (uint32_t i = 0; i < array.Length(); ++i) out.emplace_back(array.Get(i), item(key, i));
        return out;
    }

    std::vector<double> numbers(const char* key) const {
        std::vector<double> out;
        const Napi::Array array = arrayOf(key);
        for (uint32_t i = 0; i < array.Length(); ++i) out.push_back(numberOf(array.Get(i), item(key, i)));
        return out;
    }

    std::vector<int64_t> integers(const char* key) const {
        std::vector<int64_t> out;
        const Napi::Array array = arrayOf(key);
        for (uint32_t i = 0; i < array.Length(); ++i) out.push_back(integerOf(array.Get(i), item(key, i)));
        return out;
    }

    // Integers where null stands for `none`.
    std::vector<int64_t> nullableIntegers(const char* key, int64_t none) const {
        std::vector<int64_t> out;
        const Napi::Array array = arrayOf(key);
        for (uint32_t i = 0; i < array.Length(); ++i) {
            const Napi::Value value = array.Get(i);
            out.push_back(value.IsNull() ? none : integerOf(value, item(key, i)));
        }
        return out;
    }

   private:
    static double numberOf(Napi::Value value, const std::string& where) {
        demand(value.IsNumber(), where + " must be a number");
        return value.As<Napi::Number>().DoubleValue();
    }

    static int64_t integerOf(Napi::Value value, const std::string& where) {
        const double number = numberOf(value, where);
        demand(std::floor(number) == number && std::fabs(number) <= 9007199254740991.0,
               where + " must be a whole number");
        return static_cast<int64_t>(number);
    }

    Napi::Array arrayOf(const char* key) const {
        demand(raw(key).IsArray(), pathOf(key) + " must be a list");
        return raw(key).As<Napi::Array>();
    }

    std::string item(const char* key, uint32_t index) const { return pathOf(key) + "[" + std::to_string(index) + "]"; }

    Napi::Object object_;
    std::string path_;
};

}  // namespace normlab
