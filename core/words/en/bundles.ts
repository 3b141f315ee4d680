/** Folders of model files: what they say in another way, and how they are written. */
export const bundles = {
  padsBefore: '{block}: its padding differs from side to side, so F.pad stands before the layer.',
  cutsAfter:
    '{block}: it cuts opposite sides differently, so F.pad with negative numbers stands after the layer.',
  ownClass: '{block}: PyTorch has no such module; model.py contains the class {class}.',
  renamed:
    '{block} is called {name} in model.py and in the state dict, since its id is no free name in Python.',
  ghostGroups:
    '{block}: ghost groups of {size} samples are not part of PyTorch’s BatchNorm. Outputs in eval() are the same; further training in PyTorch normalizes by the whole batch.',
  renorm:
    '{block}: batch renormalization is not part of PyTorch’s BatchNorm. Outputs in eval() are the same; further training in PyTorch is plain BatchNorm.',
  storedUpdating:
    '{block}: PyTorch cannot normalize by running statistics while it updates them. Outputs in eval() are the same; further training in PyTorch normalizes by the batch.',
  biased:
    '{block}: its running variance averages biased variances, and PyTorch continues with unbiased ones. Outputs in eval() are the same.',
  switches:
    '{block}: its switches for training are in the method freeze_batch_norm() of model.py; call it after every train().',
  notTrained: '{block}: that its weights are not trained is not in model.py; use requires_grad_(False).',
  caffeNoLayer: '{block}: Caffe 1.0 has no such layer, so this network cannot be exported to Caffe.',
  caffePadding:
    '{block}: Caffe 1.0 cannot express its padding, so this network cannot be exported to Caffe. Use the same padding on all sides.',
  caffeMean:
    '{block}: Caffe’s mean counts the padding, so this network cannot be exported to Caffe. Switch Count padding on, or use no padding.',
  caffeAdaptive:
    '{block}: its windows are not equal squares, which Caffe 1.0 needs, so this network cannot be exported to Caffe.',
  caffeProduct:
    '{block}: Caffe 1.0 cannot broadcast these inputs, so this network cannot be exported to Caffe.',
  caffeUpsample:
    '{block}: Caffe 1.0 cannot interpolate bilinearly as this block does, so this network cannot be exported to Caffe. Nearest can be.',
  caffePad: '{block}: Caffe 1.0 pads with zeros alone, so this network cannot be exported to Caffe.',
  caffeComposed: '{block}: Caffe 1.0 has no such layer; it is composed of {layers}.',
  caffeKernel:
    '{block}: its kernel is extended with zeros to {kernel}, since Caffe cannot express its padding or dilation; the outputs are the same.',
  caffeCut:
    '{block}: Caffe rounds the output size up, so a Convolution that copies its input cuts off the rest; the outputs are the same.',
  caffeFrame:
    '{block}: its padding differs from side to side, so a Convolution that copies its input adds it before; the outputs are the same.',
  caffeNoDropout:
    '{block}: Caffe 1.0 has no such layer, so it is left out. Outputs are the same; further training in Caffe is without it.',
  caffeGhostGroups:
    '{block}: ghost groups of {size} samples are not part of Caffe’s BatchNorm. Outputs are the same; further training in Caffe normalizes by the whole batch.',
  caffeRenorm:
    '{block}: batch renormalization is not part of Caffe’s BatchNorm. Outputs are the same; further training in Caffe is plain BatchNorm.',
  caffeUpdates:
    '{block}: Caffe updates the statistics exactly where it normalizes by the batch. Outputs are the same; further training in Caffe differs.',
  caffeCumulative:
    '{block}: Caffe has no cumulative average. Outputs are the same; further training in Caffe uses its default moving_average_fraction.',
  caffeBiased:
    '{block}: its stored variance averages biased variances, and Caffe continues with unbiased ones. Outputs are the same.',
  caffeOneBatch:
    '{block}: the stored statistics count as those of one batch if training goes on in Caffe, so the next batches soon outweigh them. Outputs are the same.',
  caffeLoss: 'The loss {loss} is not part of Caffe 1.0; train_val.prototxt has {found} instead.',
  caffeTooLarge:
    'The weights have {bytes} bytes, and a .caffemodel holds less than 2 GiB. Export to safetensors instead.',
  caffeRefused: 'Caffe cannot express this network: {reasons}',
  rateFactor:
    '{block}: its learning rate factor {factor} is not in model.py; use a parameter group of the optimizer.',
} as const;
