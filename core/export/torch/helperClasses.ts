/** The classes that `model.py` may contain for what PyTorch has no module for. */
export type HelperClass = 'ChannelLayerNorm' | 'StochasticDepth' | 'UnevenAvgPool2d';

/** The source of each class, without blank lines around it. */
export const HELPER_CLASSES: Readonly<Record<HelperClass, string>> = {
  ChannelLayerNorm: `class ChannelLayerNorm(nn.LayerNorm):
    """Normalizes the channels of each pixel of [N, C, H, W]."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)`,
  StochasticDepth: `class StochasticDepth(nn.Module):
    """In training, sets a share of the samples to 0 and scales up the others (Huang et al. 2016)."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        kept = torch.rand([len(x)] + [1] * (x.dim() - 1), device=x.device) >= self.rate
        return x * kept / (1 - self.rate)`,
  UnevenAvgPool2d: `class UnevenAvgPool2d(nn.Module):
    """Average pooling whose padding (left, right, top, bottom) differs from side to side.

    The mean is over the image, and over the padding where it counts; never over \`beyond\` (right, bottom).
    """

    def __init__(self, kernel_size, stride, padding, beyond=(0, 0), count_include_pad=False):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        self.padding, self.beyond = padding, (0, beyond[0], 0, beyond[1])
        self.pad_counts = float(count_include_pad)

    def forward(self, x):
        sums = F.pad(F.pad(x, self.padding), self.beyond)
        counts = F.pad(F.pad(torch.ones_like(x[:1, :1]), self.padding, value=self.pad_counts), self.beyond)
        pooled = [F.avg_pool2d(each, self.kernel_size, self.stride) for each in (sums, counts)]
        return pooled[0] / pooled[1]`,
};
