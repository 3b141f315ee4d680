import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';
import { message } from '../words/message.ts';

/** `x * Phi(x)`, element-wise, exact or by its tanh approximation. */
export const gelu = defineNode({
  ...ELEMENTWISE,
  kind: 'gelu',
  title: 'GELU',
  help: 'x times the normal distribution function of x: x · Φ(x) (Hendrycks and Gimpel 2016).',
  params: {
    form: {
      type: 'choice',
      default: 'erf',
      options: [
        { value: 'erf', label: 'Exact (erf)', help: 'GELU() of PyTorch.' },
        {
          value: 'tanh',
          label: 'Approximation (tanh)',
          help: 'GELU(approximate="tanh") of PyTorch, as GPT-2 and BERT.',
        },
      ],
      label: 'Form',
      help: 'Φ by the error function, or x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), at most 0.0005 away. Default exact, as PyTorch and Keras.',
    },
  },
  summary: ({ form }) => [form === 'erf' ? 'x · Φ(x)' : message('summary.byTanh', { formula: 'x · Φ(x)' })],
  lower: ({ form }, context) => lowerActivation(context, form === 'erf' ? 'gelu' : 'geluTanh'),
});
