import { describeParameterGroups } from '../../conformance/parameterGroups.ts';
import { OPTIMIZERS } from '../../conformance/training.ts';
import { referenceBackend } from './referenceBackend.ts';

describeParameterGroups(referenceBackend, 'f64', OPTIMIZERS);
