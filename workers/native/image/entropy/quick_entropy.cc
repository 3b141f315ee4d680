#include "quick_entropy.h"

#include <new>

#include "../jpeg_reader.h"

namespace normlab::image {

const uint8_t kNaturalOrder[DCTSIZE2 + 16] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,
    6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31,
    39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63};

namespace {

// The first fields of jpeg_entropy_decoder, in libjpeg-turbo as in every libjpeg since 6b.
struct EntropyModule {
    void (*startPass)(j_decompress_ptr info);
    boolean (*decodeMcu)(j_decompress_ptr info, JBLOCKROW* blocks);
};

EntropyModule& moduleOf(j_decompress_ptr info) {
    return *reinterpret_cast<EntropyModule*>(info->entropy);
}

bool usesAc(const jpeg_component_info& component) {
#if JPEG_LIB_VERSION >= 70
    return component.DCT_h_scaled_size > 1 || component.DCT_v_scaled_size > 1;
#else
    return component.DCT_scaled_size > 1;
#endif
}

// Per thread, reused from image to image: many images have the same tables.
HuffmanTables* tablesHere() {
    thread_local const std::unique_ptr<HuffmanTables> tables(new (std::nothrow) HuffmanTables);
    return tables.get();
}

// The library refuses an image that uses an undefined table.
template <typename Table, typename Assign>
const Table* tableOf(std::array<Table, NUM_HUFF_TBLS>& tables, JHUFF_TBL* const* sources, int number, Assign assign) {
    if (number < 0 || number >= NUM_HUFF_TBLS || sources[number] == nullptr) return nullptr;
    assign(tables[number], *sources[number]);
    return &tables[number];
}

}  // namespace

void QuickEntropy::install([[maybe_unused]] j_decompress_ptr info) {
#if defined(LIBJPEG_TURBO_VERSION_NUMBER) && BITS_IN_JSAMPLE == 8
    tables_ = tablesHere();
    if (tables_ == nullptr || info->arith_code || info->entropy == nullptr) return;
    libraryStart_ = moduleOf(info).startPass;
    moduleOf(info).startPass = onStart;
    beginScan(info);
#endif
}

void QuickEntropy::onStart(j_decompress_ptr info) {
    QuickEntropy& self = readerOf(info).entropy;
    self.libraryStart_(info);  // validates the scan and its tables
    self.beginScan(info);
}

boolean QuickEntropy::onMcu(j_decompress_ptr info, JBLOCKROW* blocks) {
    QuickEntropy& self = readerOf(info).entropy;
    EntropyScan& scan = self.scan_;
    if (scan.restartInterval != 0) {
        if (scan.mcusToRestart == 0) self.restart(info);
        --scan.mcusToRestart;
    }
    if (!scan.decode(scan, blocks) || scan.bits.isOverdrawn()) self.doubt(info);
    if (++scan.mcu == scan.mcus) self.endScan(info);
    return TRUE;
}

void QuickEntropy::beginScan(j_decompress_ptr info) {
    segment_.begin(info->src->next_input_byte, info->src->next_input_byte + info->src->bytes_in_buffer);
    scan_.bits.begin(segment_);
    scan_.blocks = info->blocks_in_MCU;
    for (int at = 0; at < info->blocks_in_MCU; ++at) scan_.owners[at] = static_cast<uint8_t>(info->MCU_membership[at]);
    scan_.mcu = 0;
    scan_.mcus = info->MCUs_per_row * info->MCU_rows_in_scan;
    scan_.restartInterval = scan_.mcusToRestart = info->restart_interval;
    scan_.nextRestart = 0;
    scan_.components.fill({nullptr, nullptr, false, 0});
    if (info->progressive_mode) beginProgressive(info);
    else beginSequential(info);
    moduleOf(info).decodeMcu = onMcu;
}

void QuickEntropy::beginSequential(j_decompress_ptr info) {
    scan_.decode = decodeSequential;
    for (int at = 0; at < info->comps_in_scan; ++at) {
        const jpeg_component_info& component = *info->cur_comp_info[at];
        ScanComponent& ours = scan_.components[at];
        bool& isSeen = isSeen_[component.component_index];
        if (isSeen) doubt(info);  // a second scan would write into the first one's coefficients
        isSeen = true;
        ours.needsAc = usesAc(component);
        ours.dc = tableOf(tables_->dc, info->dc_huff_tbl_ptrs, component.dc_tbl_no,
                          [](auto& table, auto& from) { table.assign(from); });
        ours.ac = tableOf(tables_->ac, info->ac_huff_tbl_ptrs, component.ac_tbl_no, [&](auto& table, auto& from) {
            if (ours.needsAc) table.assignWithPairs(from);
            else table.assignWithRuns(from);
        });
        if (ours.dc == nullptr || ours.ac == nullptr) doubt(info);
    }
}

void QuickEntropy::beginProgressive(j_decompress_ptr info) {
    const auto assign = [](auto& table, auto& from) { table.assign(from); };
    const bool isFirst = info->Ah == 0;
    scan_.first = info->Ss;
    scan_.last = info->Se;
    scan_.shift = info->Al;
    scan_.endRun = 0;
    if (info->Ss == 0) {
        scan_.decode = isFirst ? decodeDcFirst : decodeDcRefine;
        for (int at = 0; isFirst && at < info->comps_in_scan; ++at) {
            scan_.components[at].dc =
                tableOf(tables_->dc, info->dc_huff_tbl_ptrs, info->cur_comp_info[at]->dc_tbl_no, assign);
            if (scan_.components[at].dc == nullptr) doubt(info);
        }
        return;
    }
    scan_.decode = isFirst ? decodeAcFirst : decodeAcRefine;
    const jpeg_component_info& component = *info->cur_comp_info[0];
    scan_.components[0].ac =
        tableOf(tables_->ac, info->ac_huff_tbl_ptrs, component.ac_tbl_no, [&](auto& table, auto& from) {
            if (isFirst) table.assignWithPairs(from);
            else table.assign(from);
        });
    if (scan_.components[0].ac == nullptr || !makeRoom(component.component_index)) doubt(info);
}

// All AC scans of a component have the same number of blocks.
bool QuickEntropy::makeRoom(int component) {
    try {
        nonzero_[component].resize(scan_.mcus);
    } catch (const std::bad_alloc&) {
        return false;
    }
    scan_.nonzero = nonzero_[component].data();
    return true;
}

void QuickEntropy::restart(j_decompress_ptr info) {
    if (!scan_.bits.isAtMarker() || segment_.at[1] != JPEG_RST0 + scan_.nextRestart) doubt(info);
    segment_.at += 2;
    scan_.bits.begin(segment_);
    for (ScanComponent& component : scan_.components) component.lastDc = 0;
    scan_.endRun = 0;
    scan_.nextRestart = (scan_.nextRestart + 1) & 7;
    scan_.mcusToRestart = scan_.restartInterval;
}

void QuickEntropy::endScan(j_decompress_ptr info) {
    if (!scan_.bits.isAtMarker()) doubt(info);
    info->src->next_input_byte = segment_.at;
    info->src->bytes_in_buffer = static_cast<size_t>(segment_.end - segment_.at);
}

void QuickEntropy::doubt(j_decompress_ptr info) {
    doubts_ = true;
    giveUp(reinterpret_cast<j_common_ptr>(info), "the quick decoder doubts it");
}

}  // namespace normlab::image
