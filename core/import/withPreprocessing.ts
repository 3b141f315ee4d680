import type { GraphDocument } from '../document/schema.ts';
import type { Recognized } from './architectures/recognizeArchitecture.ts';
export function withPreprocessing(document: GraphDocument, _p: Recognized['preprocessing']): GraphDocument {
  return document;
}
