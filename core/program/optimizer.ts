/**
 * The update that closes a training step, one fused pass over all trainable parameters. The learning rate and the step
 * number come with each step. Formulas: `core/backend/reference/optimizer.ts`; they follow torch.optim.
 */
export type OptimizerPlan =
  | {
      readonly kind: 'sgd';
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly l1: number;
      readonly l2: number;
    }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly l1: number;
      readonly l2: number;
    };
