import { message } from '../../words/message.ts';
import { protobufReader } from '../protobuf.ts';

/** Reads the fields of one message of an ONNX file. */
export const eachField = protobufReader({
  notProtobuf: message('onnxFiles.notProtobuf'),
  notText: message('onnxFiles.notText'),
});
