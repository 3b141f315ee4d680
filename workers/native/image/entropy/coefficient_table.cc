#include "coefficient_table.h"

namespace normlab::image {

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
    CoefficientPair pair{0, 0, 0, 0, 0, 0};
    for (int found = 0; found < 3; ++found) {
        const HuffmanStep* step = stepWithin(next, pair.bits);
        const bool isEnd = step != nullptr && step->value == 0;
        if (step == nullptr || (found == 2 && !isEnd)) break;
        pair.bits += step->bits;
        if (isEnd) {
            pair.advance += kBlockEnd;
            return pair;
        }
        pair.second = static_cast<uint8_t>(pair.advance + (step->symbol >> 4));
        pair.secondValue = step->value;
        pair.advance = static_cast<uint8_t>(pair.second + 1);
        if (found > 0) continue;
        pair.first = pair.second;
        pair.firstValue = pair.secondValue;
    }
    if (pair.bits == 0) pair.second = kNoPair;
    return pair;
}

CoefficientRun CoefficientTable::runOf(uint32_t next) const {
    CoefficientRun run{0, 0, 0};
    while (const HuffmanStep* step = stepWithin(next, run.bits)) {
        run.bits += step->bits;
        if (step->value == 0) {
            run.advance += kBlockEnd;
            return run;
        }
        run.last = static_cast<uint8_t>(run.advance + (step->symbol >> 4));
        run.advance = static_cast<uint8_t>(run.last + 1);
        if (run.last >= DCTSIZE2) break;
    }
    if (run.bits == 0 || run.last >= DCTSIZE2) run.last = kNoPair;
    return run;
}

}  // namespace normlab::image
