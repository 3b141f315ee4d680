// ICC.1: header of 128 bytes, table of tags, s15Fixed16 numbers, big-endian.
#include "icc.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace normlab::image {
namespace {

constexpr size_t kHeaderBytes = 128;
constexpr uint32_t kMostTags = 100;
constexpr double kOne = 65536;
// The largest share of a primary that may appear in another one: one grey level where that one is dark. HP's own sRGB
// profile has 0.00028.
constexpr double kMostLeak = 0.00035;
// The largest deviation of a primary itself: less than a fifth of a grey level.
constexpr double kMostLoss = 0.001;
// In grey levels.
constexpr double kCurveError = 0.25;

uint32_t number(Bytes bytes, size_t at) {
    return static_cast<uint32_t>(bytes.data[at]) << 24 | static_cast<uint32_t>(bytes.data[at + 1]) << 16 |
           static_cast<uint32_t>(bytes.data[at + 2]) << 8 | bytes.data[at + 3];
}

int32_t fixedAt(Bytes bytes, size_t at) {
    return static_cast<int32_t>(number(bytes, at));
}
bool says(Bytes bytes, size_t at, const char* text) {
    return std::memcmp(bytes.data + at, text, 4) == 0;
}

bool isMonitorRgb(Bytes profile) {
    return profile.size >= kHeaderBytes + 4 && number(profile, 0) == profile.size && says(profile, 12, "mntr") &&
           says(profile, 16, "RGB ") && says(profile, 20, "XYZ ") && says(profile, 36, "acsp");
}

// Tags that color management prefers over matrix and curves, or that change the colors in other ways.
bool isOverriding(Bytes profile, size_t at) {
    for (const char* kind : {"A2B", "B2A", "D2B", "B2D"})
        if (std::memcmp(profile.data + at, kind, 3) == 0) return true;
    return says(profile, at, "cicp");
}

// The data of a tag; size 0 when it is absent, duplicated or out of bounds. `profile` has a validated table.
Bytes tagOf(Bytes profile, const char* name) {
    Bytes found{nullptr, 0};
    for (uint32_t tag = 0; tag < number(profile, kHeaderBytes); ++tag) {
        const size_t at = kHeaderBytes + 4 + tag * size_t{12};
        if (!says(profile, at, name)) continue;
        const size_t from = number(profile, at + 4);
        const size_t size = number(profile, at + 8);
        if (found.size > 0 || size < 8 || from > profile.size || size > profile.size - from) return {nullptr, 0};
        found = {profile.data + from, size};
    }
    return found;
}

// Converts XYZ, adapted to D50 by Bradford's method, to linear sRGB.
constexpr double kToLight[3][3] = {
    {3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427}};

// True when a colorant equals the primary of this index.
bool isPrimary(Bytes tag, size_t primary) {
    if (tag.size < 20 || !says(tag, 0, "XYZ ")) return false;
    for (size_t light = 0; light < 3; ++light) {
        double sum = 0;
        for (size_t axis = 0; axis < 3; ++axis) sum += kToLight[light][axis] * fixedAt(tag, 8 + axis * 4) / kOne;
        if (light == primary ? std::fabs(sum - 1) > kMostLoss : std::fabs(sum) > kMostLeak) return false;
    }
    return true;
}

// The unrounded byte value of linear light: IEC 61966-2-1.
double byteOf(double light) {
    return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055);
}

// A table with values 0 to 65535, interpolated.
bool isSrgbTable(Bytes tag) {
    const size_t entries = tag.size < 12 ? 0 : number(tag, 8);
    if (entries < 2 || entries > (tag.size - 12) / 2) return false;
    const auto entry = [&](size_t at) {
        return static_cast<double>(tag.data[12 + at * 2] << 8 | tag.data[13 + at * 2]) / 65535;
    };
    for (int byte = 0; byte < 256; ++byte) {
        const double place = byte / 255.0 * static_cast<double>(entries - 1);
        const auto below = std::min(static_cast<size_t>(place), entries - 2);
        const double share = place - static_cast<double>(below);
        if (std::fabs(byteOf(entry(below) * (1 - share) + entry(below + 1) * share) - byte) > kCurveError) return false;
    }
    return true;
}

// Function type 3: (a x + b)^g for x >= d, c x below.
bool isSrgbFormula(Bytes tag) {
    if (tag.size < 32 || (tag.data[8] << 8 | tag.data[9]) != 3) return false;
    const auto parameter = [&](size_t at) { return fixedAt(tag, 12 + at * 4) / kOne; };
    for (int byte = 0; byte < 256; ++byte) {
        const double x = byte / 255.0;
        const double light =
            x >= parameter(4) ? std::pow(parameter(1) * x + parameter(2), parameter(0)) : parameter(3) * x;
        // Written so that a NaN is not accepted as sRGB.
        if (!(std::fabs(byteOf(light) - byte) <= kCurveError)) return false;
    }
    return true;
}

bool isCurve(Bytes tag) {
    if (tag.size < 12) return false;
    return says(tag, 0, "curv") ? isSrgbTable(tag) : says(tag, 0, "para") && isSrgbFormula(tag);
}

bool judge(Bytes profile) {
    if (!isMonitorRgb(profile)) return false;
    const uint32_t tags = number(profile, kHeaderBytes);
    if (tags > kMostTags || profile.size < kHeaderBytes + 4 + tags * size_t{12}) return false;
    for (uint32_t tag = 0; tag < tags; ++tag)
        if (isOverriding(profile, kHeaderBytes + 4 + tag * size_t{12})) return false;
    return isPrimary(tagOf(profile, "rXYZ"), 0) && isPrimary(tagOf(profile, "gXYZ"), 1) &&
           isPrimary(tagOf(profile, "bXYZ"), 2) && isCurve(tagOf(profile, "rTRC")) && isCurve(tagOf(profile, "gTRC")) &&
           isCurve(tagOf(profile, "bTRC"));
}

}  // namespace

bool isSrgbProfile(Bytes profile) {
    // The images of a folder usually have the same profile.
    thread_local std::vector<uint8_t> last;
    const bool isKnown =
        profile.size > 0 && last.size() == profile.size && std::memcmp(last.data(), profile.data, profile.size) == 0;
    if (isKnown) return true;
    if (!judge(profile)) return false;
    last.assign(profile.data, profile.data + profile.size);
    return true;
}

}  // namespace normlab::image
