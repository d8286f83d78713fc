/** Every term that the course and the studio use, in one or two sentences without other new terms. */
export const glossary = {
  pixel: [
    'pixel',
    'One point of a picture: one number if it is grey (0 black, 255 white), three if it is coloured (red, green, blue).',
  ],
  channel: [
    'channel',
    'One of the layers of numbers that lie behind each other in a picture or a feature map: red, green and blue in a coloured picture, one for each filter in a feature map.',
  ],
  tensor: ['tensor', 'A block of numbers with a shape, such as 28 x 28 x 1 (height, width, channels).'],
  class: ['class', 'One of the answers that a classifier can give.'],
  label: ['label', 'The class that a picture is said to show, by a person.'],
  dataset: ['data set', 'Pictures with their labels.'],
  split: [
    'split',
    'Dealing the pictures out: train to learn from, val to choose by, test to look at once, at the end.',
  ],
  kernel: ['kernel', 'The small grid of weights that a convolution slides over its input. Also called a filter.'],
  convolution: [
    'convolution',
    'Sliding a kernel over a picture: at each place the numbers under it are multiplied by its weights and added up.',
  ],
  'feature-map': [
    'feature map',
    'What a layer of a convolutional network gives: a picture whose channels tell how strongly each filter answers at each place.',
  ],
  stride: ['stride', 'By how many pixels a window moves from one place to the next.'],
  padding: ['padding', 'Rows and columns of zeros around a picture, so that a window can stand at its edge.'],
  dilation: [
    'dilation',
    'Gaps between the weights of a kernel, so that it spans more of the picture with no more weights.',
  ],
  pooling: ['pooling', 'Making a feature map smaller by keeping the largest or the mean of each little window.'],
  'receptive-field': [
    'receptive field',
    'The part of the picture that a unit can see: no pixel outside it changes its value.',
  ],
  unit: ['unit', 'One number of a feature map, and what computes it.'],
  weight: ['weight', 'A number of the network that training changes; inputs are multiplied by it.'],
  bias: ['bias', 'A number that is added after the weights were applied.'],
  parameter: ['parameter', 'A weight or a bias: what training changes.'],
  activation: ['activation', 'The value of a unit; also the function, such as relu, that makes it.'],
  relu: ['relu', 'The activation function that leaves positive numbers as they are and makes negative ones zero.'],
  layer: ['layer', 'One step of a network, from one feature map to the next.'],
  'fully-connected': [
    'fully connected layer',
    'A layer in which every output has a weight for every input. Also called linear or dense.',
  ],
  logit: ['logit', 'What the last layer gives for a class: the larger, the more the network is for it.'],
  softmax: ['softmax', 'The function that turns logits into probabilities: positive numbers that add up to 1.'],
  probability: ['probability', 'How sure the network is of a class, from 0 to 1.'],
  loss: [
    'loss',
    'How wrong the network is, as one number that training makes smaller. Fovea uses cross-entropy: minus the logarithm of the probability of the right class.',
  ],
  'val-loss': ['validation loss', 'The loss on pictures that the network does not learn from.'],
  accuracy: ['accuracy', 'The share of pictures whose most probable class is the right one.'],
  gradient: ['gradient', 'For each parameter, how the loss would change if the parameter grew a little.'],
  backpropagation: [
    'backpropagation',
    'Working out all gradients in one walk from the loss back to the picture, by the chain rule.',
  ],
  'learning-rate': ['learning rate', 'How far a step of training goes against the gradient.'],
  momentum: ['momentum', 'Part of the last steps’ direction that a step keeps.'],
  optimizer: ['optimizer', 'The rule that turns gradients into changes of the parameters.'],
  schedule: ['schedule', 'How the learning rate changes while training goes on.'],
  step: ['step', 'One change of all parameters, from one batch.'],
  batch: ['batch', 'The pictures that one step learns from.'],
  epoch: ['epoch', 'As many steps as it takes to see every training picture once.'],
  overfitting: ['overfitting', 'Getting better on the training pictures while getting worse on others.'],
  underfitting: ['underfitting', 'Not even learning the training pictures.'],
  regularisation: [
    'regularisation',
    'Anything that keeps a network from overfitting: weight decay, dropout, augmentation, more data.',
  ],
  'weight-decay': ['weight decay', 'Pulling all weights a little towards zero at each step.'],
  dropout: ['dropout', 'Setting a random share of the units to zero in each training step.'],
  augmentation: [
    'augmentation',
    'Changing training pictures at random in ways that do not change what they show: mirrored, shifted, turned, brighter.',
  ],
  'batch-norm': [
    'batch normalisation',
    'Bringing each channel to mean 0 and standard deviation 1 over the batch, then scaling it by learned numbers.',
  ],
  'early-stopping': ['early stopping', 'Ending a training when the validation loss has not improved for some epochs.'],
  patience: [
    'patience',
    'For how many epochs without a lower validation loss a training goes on before it stops early.',
  ],
  'confusion-matrix': [
    'confusion matrix',
    'A table that counts, for each true class, how often each class was predicted.',
  ],
  calibration: [
    'calibration',
    'Whether the network is right as often as it is sure: of the pictures with probability 0.8, are 8 in 10 right?',
  ],
  'confidence-interval': [
    'confidence interval',
    'The range in which the true value probably lies, given how few pictures it was measured on.',
  ],
  leakage: ['leakage', 'Knowing something of the test pictures while training, so that the test flatters.'],
  seed: ['seed', 'A number from which all chance of a training follows; the same seed gives the same bits.'],
  equivariance: ['equivariance', 'Shifting the input shifts the output by as much.'],
  invariance: ['invariance', 'Shifting the input does not change the output.'],
  heatmap: ['heatmap', 'A picture laid over another that shows which parts of it counted for an answer.'],
  'transfer-learning': ['transfer learning', 'Beginning a training with the weights that another one has learnt.'],
  'residual-block': [
    'residual block',
    'Layers whose output is added to their input, so that they learn only what to change.',
  ],
  'data-structuring': [
    'data structuring',
    'Bringing pictures into an order that one can trust: classes, labels, faults mended, split.',
  ],
} as const satisfies Readonly<Record<string, readonly [word: string, meaning: string]>>;

export type TermName = keyof typeof glossary;
export const isTerm = (name: string): name is TermName => Object.hasOwn(glossary, name);
