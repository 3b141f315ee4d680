#include "jpeg_reader.h"

// Must follow jpeglib.h.
#include <jerror.h>

namespace normlab::image {
namespace {

using Clock = std::chrono::steady_clock;

void onError(j_common_ptr info) {
    giveUp(info, "libjpeg gave up");
}

// Warnings that leave the image intact. All others damage pixels or, like scans out of order, are left to the general
// decoder, since not every libjpeg continues after them.
bool isHarmless(int code) {
    return code == JWRN_EXTRANEOUS_DATA || code == JWRN_NOT_SEQUENTIAL || code == JWRN_ADOBE_XFORM ||
           code == JWRN_JFIF_MAJOR;
}

void onMessage(j_common_ptr info, int level) {
    if (level < 0 && !isHarmless(info->err->msg_code)) giveUp(info, "libjpeg warned");
}

// First called when the first scan has started and nothing is decoded yet, then repeatedly.
void onProgress(j_common_ptr info) {
    Reader& reader = readerOf(info);
    if (reader.isEntropyOurs && !reader.isInstalled) {
        reader.isInstalled = true;
        reader.entropy.install(&reader.info);
    }
    if (reader.info.input_scan_number > reader.maxScans) giveUp(info, "more scans than any encoder writes");
    if (Clock::now() > reader.deadline) giveUp(info, "it takes too long");
}

}  // namespace

void giveUp(j_common_ptr info, const char* reason) {
    readerOf(info).reason = reason;
    std::longjmp(readerOf(info).escape, 1);
}

Reader::Reader(const Limits& limits, bool isEntropyOurs) : maxScans(limits.maxScans), isEntropyOurs(isEntropyOurs) {
    info.err = jpeg_std_error(&errors);
    info.client_data = this;
    errors.error_exit = onError;
    errors.emit_message = onMessage;
    errors.output_message = [](j_common_ptr) {};
    progress.progress_monitor = onProgress;
    deadline = Clock::now() + std::chrono::microseconds(static_cast<int64_t>(limits.maxSeconds * 1e6));
}

bool Reader::readHeader(Bytes file) {
    if (setjmp(escape) != 0) return false;
    jpeg_create_decompress(&info);
    info.client_data = this;
    info.progress = &progress;
    jpeg_mem_src(&info, file.data, static_cast<unsigned long>(file.size));
    jpeg_save_markers(&info, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(&info, JPEG_APP0 + 2, 0xffff);
    return jpeg_read_header(&info, TRUE) == JPEG_HEADER_OK;
}

bool Reader::start() {
    if (setjmp(escape) != 0) return false;
    return jpeg_start_decompress(&info) == TRUE;
}

bool Reader::readRow(uint8_t* row) {
    if (setjmp(escape) != 0) return false;
    return jpeg_read_scanlines(&info, &row, 1) == 1;
}

bool Reader::finish() {
    if (setjmp(escape) != 0) return false;
    return jpeg_finish_decompress(&info) == TRUE;
}

}  // namespace normlab::image
