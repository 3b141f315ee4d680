import { serveCalls } from '../threads/calls.ts';
import { pictureHandlers } from './pictureHandlers.ts';
import { pictureStartSchema } from './pictureMessages.ts';

/** Entry of the thread of a session for single pictures. */
void serveCalls(pictureStartSchema, pictureHandlers);
