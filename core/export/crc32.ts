const ZIP = makeTables(0xedb8_8320);
const CASTAGNOLI = makeTables(0x82f6_3b78);

/** CRC-32 of zip archives: polynomial 0xEDB88320 reflected. */
export function crc32(bytes: Uint8Array): number {
  return checksum(ZIP, bytes);
}

/** CRC-32C (Castagnoli) of TFRecord files: polynomial 0x82F63B78 reflected. */
export function crc32c(bytes: Uint8Array): number {
  return checksum(CASTAGNOLI, bytes);
}

/** 8 bytes per step (slicing-by-8). */
function checksum(tables: Int32Array, bytes: Uint8Array): number {
  const entry = (table: number, byte: number): number => tables[table * 256 + (byte & 0xff)] ?? 0;
  let crc = -1;
  let at = 0;
  const whole = bytes.length - (bytes.length % 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (; at < whole; at += 8) {
    const low = view.getUint32(at, true) ^ crc;
    const high = view.getUint32(at + 4, true);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = entry(0, crc ^ (bytes[at] ?? 0)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Table k has the effect of a byte that k further bytes follow. */
function makeTables(polynomial: number): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256] ?? 0;
    tables[at] = (tables[before & 0xff] ?? 0) ^ (before >>> 8);
  }
  return tables;
}
