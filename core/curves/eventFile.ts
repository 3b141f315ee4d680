import protobuf from 'protobufjs/minimal.js';
import type { MetricEvent } from '../contract/metricEvent.ts';
import { crc32c } from '../export/crc32.ts';
import { scalarsOf, type Scalar } from './scalars.ts';

/*
 * Field numbers of tensorboard/compat/proto: event.proto and summary.proto.
 */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const SUMMARY = { value: 1 };
const VALUE = { tag: 1, simpleValue: 2, metadata: 9 };
const METADATA = { pluginData: 1 };
const PLUGIN_DATA = { name: 1 };
const FILE_VERSION = 'brain.Event:2';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
type Writer = protobuf.Writer;

/**
 * An event file of TensorBoard, in parts that are joined: a TFRecord file of `Event` messages. `startedAt` is the time
 * of the first step, in milliseconds since 1970. An event without a time of its own has that of the event before it.
 */
export class EventFileWriter {
  readonly #startedAt: number;
  #elapsedMs = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** The first record, with the version of the format. */
  head(): Uint8Array<ArrayBuffer> {
    const to = this.#event(0);
    to.uint32(tag(EVENT.fileVersion, BYTES)).string(FILE_VERSION);
    return record(to.finish());
  }

  /** The records of an event. */
  records(event: MetricEvent): Uint8Array<ArrayBuffer> {
    if (event.kind !== 'statistics') this.#elapsedMs = event.elapsedMs;
    const to = this.#event(event.step);
    message(to, EVENT.summary, () => {
      for (const scalar of scalarsOf(event)) message(to, SUMMARY.value, () => writeValue(to, scalar));
    });
    return record(to.finish());
  }

  #event(step: number): Writer {
    const seconds = (this.#startedAt + this.#elapsedMs) / 1000;
    const to = protobuf.Writer.create().uint32(tag(EVENT.wallTime, FIXED64)).double(seconds);
    return to.uint32(tag(EVENT.step, VARINT)).int64(step);
  }
}

function writeValue(to: Writer, [name, value]: Scalar): void {
  to.uint32(tag(VALUE.tag, BYTES)).string(name);
  to.uint32(tag(VALUE.simpleValue, FIXED32)).float(value);
  message(to, VALUE.metadata, () => {
    message(to, METADATA.pluginData, () => to.uint32(tag(PLUGIN_DATA.name, BYTES)).string('scalars'));
  });
}

/** Bytes of the length, and of each checksum. */
const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;

/** A record of a TFRecord file: length, its masked CRC-32C, data, their masked CRC-32C (tensorflow.org, "TFRecord"). */
function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LENGTH_BYTES + CHECKSUM_BYTES + data.length + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(LENGTH_BYTES, masked(bytes.subarray(0, LENGTH_BYTES)), true);
  bytes.set(data, LENGTH_BYTES + CHECKSUM_BYTES);
  view.setUint32(bytes.length - CHECKSUM_BYTES, masked(data), true);
  return bytes;
}

/** A checksum rotated right by 15 bits, plus a constant, so that a checksum of checksums is no trivial one. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
}

function tag(field: number, wire: number): number {
  return ((field << 3) | wire) >>> 0;
}

function message(to: Writer, field: number, fill: () => void): void {
  to.uint32(tag(field, BYTES)).fork();
  fill();
  to.ldelim();
}
