/** Where what the course teaches comes from. */
export const sources = {
  hubel1962:
    'Hubel, D. H. and Wiesel, T. N. (1962). Receptive fields, binocular interaction and functional architecture in the cat’s visual cortex. Journal of Physiology 160, 106-154.',
  hubel1968:
    'Hubel, D. H. and Wiesel, T. N. (1968). Receptive fields and functional architecture of monkey striate cortex. Journal of Physiology 195, 215-243.',
  fukushima1980:
    'Fukushima, K. (1980). Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in position. Biological Cybernetics 36, 193-202.',
  rumelhart1986:
    'Rumelhart, D. E., Hinton, G. E. and Williams, R. J. (1986). Learning representations by back-propagating errors. Nature 323, 533-536.',
  zhang1988:
    'Zhang, W. et al. (1988). Shift-invariant pattern recognition neural network and its optical architecture. Proceedings of the annual conference of the Japan Society of Applied Physics.',
  lecun1989:
    'LeCun, Y. et al. (1989). Backpropagation applied to handwritten zip code recognition. Neural Computation 1, 541-551.',
  lecun1998:
    'LeCun, Y., Bottou, L., Bengio, Y. and Haffner, P. (1998). Gradient-based learning applied to document recognition. Proceedings of the IEEE 86, 2278-2324.',
  prechelt1998:
    'Prechelt, L. (1998). Early stopping - but when? In: Neural networks: tricks of the trade, Springer, 55-69.',
  krizhevsky2012:
    'Krizhevsky, A., Sutskever, I. and Hinton, G. E. (2012). ImageNet classification with deep convolutional neural networks. Advances in Neural Information Processing Systems 25.',
  zeiler2013:
    'Zeiler, M. D. and Fergus, R. (2013). Visualizing and understanding convolutional networks. arXiv:1311.2901.',
  srivastava2014:
    'Srivastava, N. et al. (2014). Dropout: a simple way to prevent neural networks from overfitting. Journal of Machine Learning Research 15, 1929-1958.',
  ioffe2015:
    'Ioffe, S. and Szegedy, C. (2015). Batch normalization: accelerating deep network training by reducing internal covariate shift. arXiv:1502.03167.',
  he2015:
    'He, K., Zhang, X., Ren, S. and Sun, J. (2015). Deep residual learning for image recognition. arXiv:1512.03385.',
  dumoulin2016:
    'Dumoulin, V. and Visin, F. (2016). A guide to convolution arithmetic for deep learning. arXiv:1603.07285.',
  luo2016:
    'Luo, W., Li, Y., Urtasun, R. and Zemel, R. (2016). Understanding the effective receptive field in deep convolutional neural networks. arXiv:1701.04128.',
  zhangc2017:
    'Zhang, C., Bengio, S., Hardt, M., Recht, B. and Vinyals, O. (2017). Understanding deep learning requires rethinking generalization. arXiv:1611.03530.',
  guo2017:
    'Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern neural networks. arXiv:1706.04599.',
  selvaraju2017:
    'Selvaraju, R. R. et al. (2017). Grad-CAM: visual explanations from deep networks via gradient-based localization. arXiv:1610.02391.',
  smith2017: 'Smith, L. N. (2017). Cyclical learning rates for training neural networks. arXiv:1506.01186.',
  zhang2019: 'Zhang, R. (2019). Making convolutional networks shift-invariant again. arXiv:1904.11486.',
  goodfellow2016: 'Goodfellow, I., Bengio, Y. and Courville, A. (2016). Deep learning. MIT Press.',
} as const satisfies Readonly<Record<string, string>>;

export type SourceName = keyof typeof sources;
export const isSource = (name: string): name is SourceName => Object.hasOwn(sources, name);
