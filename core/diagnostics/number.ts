import { z } from 'zod';

/**
 * A number of a document. Minus zero becomes zero: JSON writes both as `0`, so a document with the sign would differ
 * from its own file, and a patch sent as JSON would not reproduce the document.
 */
export const numberSchema = z.number().overwrite((value) => value + 0);
