import { message } from '../../words/message.ts';
import { protobufReader } from '../protobuf.ts';

/** Reads the fields of one message of a `.caffemodel`. */
export const eachField = protobufReader({
  notProtobuf: message('caffeFiles.notProtobuf'),
  notText: message('caffeFiles.notText'),
});
