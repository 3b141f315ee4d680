import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { storageHandlers } from './storageHandlers.ts';

/** Entry of the thread that reads and writes files for the host. */
void serveCalls(z.null(), storageHandlers);
