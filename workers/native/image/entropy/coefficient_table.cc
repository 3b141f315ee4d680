#include "coefficient_table.h"

namespace normlab::image {
namespace {

bool isBlockEnd(const HuffmanStep& step) {
    return step.code != 0 && step.symbol == 0;
}

// A coefficient, or 16 zeros, after `used` bits.
bool isForTables(const HuffmanStep& step, int used) {
    const int size = step.symbol & 15;
    return step.code != 0 && (size > 0 || step.symbol == 0xf0) && size <= kMostSize && used + step.bits <= kMostBits;
}

}  // namespace

void CoefficientTable::assign(const JHUFF_TBL& source) {
    if (HuffmanTable::assign(source)) hasPairs_ = hasRuns_ = false;
}

void CoefficientTable::assignWithPairs(const JHUFF_TBL& source) {
    assign(source);
    if (hasPairs_) return;
    hasPairs_ = true;
    for (uint32_t next = 0; next < pairs_.size(); ++next) pairs_[next] = pairOf(next);
}

void CoefficientTable::assignWithRuns(const JHUFF_TBL& source) {
    assign(source);
    if (hasRuns_) return;
    hasRuns_ = true;
    for (uint32_t next = 0; next < runs_.size(); ++next) runs_[next] = runOf(next);
}

CoefficientPair CoefficientTable::pairOf(uint32_t next) const {
    CoefficientPair::Fields pair;
    for (int found = 0; found < 3; ++found) {
        const HuffmanStep step = stepBehind(next, kLookBits, static_cast<int>(pair.bits));
        if (isBlockEnd(step)) {
            pair.bits += step.bits;
            pair.advance += kBlockEnd;
            return CoefficientPair(pair);
        }
        if (found == 2 || !isForTables(step, static_cast<int>(pair.bits))) break;
        if (found == 1)
            pair.firstValue = numberAt(uint64_t{next} << (64 - kLookBits + pair.begin), static_cast<int>(pair.size));
        const unsigned place = pair.advance + (step.symbol >> 4);
        pair.first = found == 0 ? place : pair.second;
        pair.second = place;
        pair.begin = pair.bits + step.code;
        pair.size = step.symbol & 15;
        pair.bits += step.bits;
        pair.advance = place + 1;
    }
    if (pair.bits == 0) pair.second = kNoPair;
    return CoefficientPair(pair);
}

CoefficientRun CoefficientTable::runOf(uint32_t next) const {
    CoefficientRun run{0, 0, 0};
    while (run.last < DCTSIZE2) {
        const HuffmanStep step = stepBehind(next, kRunBits, run.bits);
        if (isBlockEnd(step)) {
            run.bits += step.bits;
            run.advance += kBlockEnd;
            return run;
        }
        if (!isForTables(step, run.bits)) break;
        run.bits += step.bits;
        run.last = static_cast<uint8_t>(run.advance + (step.symbol >> 4));
        run.advance = static_cast<uint8_t>(run.last + 1);
    }
    if (run.bits == 0 || run.last >= DCTSIZE2) run.last = kNoPair;
    return run;
}

}  // namespace normlab::image
