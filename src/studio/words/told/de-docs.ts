/** What the lists of layers, optimizers and the like say of themselves and of their options, in German: by their English. */
export const deDocs: Readonly<Record<string, string>> = {
  // Layers
  'Convolution: slides small learned filters over the feature map, each giving one channel.':
    'Faltung: schiebt kleine gelernte Filter über die Merkmalskarte; jeder gibt einen Kanal.',
  'How many filters: the channels of the output.': 'Wie viele Filter: die Kanäle der Ausgabe.',
  'Height and width of the sliding window.': 'Höhe und Breite des wandernden Fensters.',
  'Step of the window; 2 halves height and width.': 'Schritt des Fensters; 2 halbiert Höhe und Breite.',
  "Zeros around the input; 'valid' is none, 'same' keeps height and width at stride 1.":
    'Nullen um die Eingabe; „valid“ heißt keine, „same“ erhält bei Schrittweite 1 Höhe und Breite.',
  'Distance between the taps of the window.': 'Abstand zwischen den Stellen des Fensters.',
  'Adds a trained number to each channel; superfluous before batchNorm2d.':
    'Zählt zu jedem Kanal eine gelernte Zahl hinzu; vor batchNorm2d überflüssig.',
  "How weights start, as in depthwiseConv2d; 'whitening': computed from training pictures, and not trained.":
    'Wie die Gewichte beginnen, wie bei depthwiseConv2d; „whitening“: aus Trainingsbildern berechnet und nicht trainiert.',
  "Standard deviation of weights that start 'normal'.": 'Standardabweichung von Gewichten, die „normal“ beginnen.',
  'Cuts the channels into groups that do not see each other.': 'Teilt die Kanäle in Gruppen, die einander nicht sehen.',
  'Convolution of each channel by itself: cheap, and usually followed by a 1x1 conv2d that mixes the channels.':
    'Faltung jedes Kanals für sich: billig, und meist gefolgt von einer 1x1-conv2d, die die Kanäle mischt.',
  'Output channels for each input channel.': 'Ausgabekanäle je Eingabekanal.',
  "How weights start: PyTorch's default (biases too), or one of the other ways with zero biases.":
    'Wie die Gewichte beginnen: wie in PyTorch üblich (Biases auch) oder auf eine der anderen Arten mit Biases von 0.',
  'Fully connected layer: each output is a weighted sum of all inputs.':
    'Voll verbundene Schicht: Jede Ausgabe ist eine gewichtete Summe aller Eingaben.',
  'How many outputs; in the last layer the number of classes.':
    'Wie viele Ausgaben; in der letzten Schicht die Zahl der Klassen.',
  'Adds a trained number to each output.': 'Zählt zu jeder Ausgabe eine gelernte Zahl hinzu.',
  "How weights start: PyTorch's default (biases too), that with zero biases, normal, or uniform by fan-out.":
    'Wie die Gewichte beginnen: wie in PyTorch üblich (Biases auch), ebenso mit Biases von 0, normalverteilt oder gleichverteilt nach der Zahl der Ausgänge.',
  'A linear layer on the channels of each pixel: a 1x1 convolution whose weight is a matrix, as in ConvNeXt.':
    'Eine lineare Schicht auf den Kanälen jedes Pixels: eine 1x1-Faltung, deren Gewicht eine Matrix ist, wie in ConvNeXt.',
  'How many channels it gives.': 'Wie viele Kanäle sie gibt.',
  'Adds a trained number to each channel.': 'Zählt zu jedem Kanal eine gelernte Zahl hinzu.',
  'Batch normalisation: brings each channel to mean 0 and deviation 1 over the batch, so that deep nets train fast.':
    'Batch-Normalisierung: bringt jeden Kanal über den Batch auf Mittelwert 0 und Abweichung 1, damit tiefe Netze schnell lernen.',
  'Added to the variance, against division by zero.': 'Kommt zur Varianz hinzu, gegen das Teilen durch null.',
  'Weight of a new batch in the running statistics.': 'Gewicht eines neuen Batches in der laufenden Statistik.',
  'Learns a scale and a shift for each channel.': 'Lernt für jeden Kanal einen Faktor und eine Verschiebung.',
  'Without it the scale stays as it starts; the shift is learned.':
    'Ohne dies bleibt der Faktor, wie er beginnt; die Verschiebung wird gelernt.',
  'Where the scale starts; 0 at the end of a residual branch lets deep nets begin as the identity.':
    'Womit der Faktor beginnt; 0 am Ende eines Residual-Zweigs lässt tiefe Netze als Identität beginnen.',
  'Normalises groups of channels within each picture: a batch norm that does not depend on the batch.':
    'Normalisiert Gruppen von Kanälen in jedem Bild: eine Batch Norm, die nicht vom Batch abhängt.',
  'Into how many groups the channels are cut; it must divide them.':
    'In wie viele Gruppen die Kanäle geteilt werden; es muss aufgehen.',
  'Normalises the channels of each pixel by itself, as ConvNeXt does; after flatten, all features.':
    'Normalisiert die Kanäle jedes Pixels für sich, wie ConvNeXt; nach flatten alle Merkmale.',
  'The rectifier: negative values become 0; the usual activation.':
    'Der Gleichrichter: Negative Werte werden 0; die übliche Aktivierung.',
  'The rectifier cut off at 6: for small and mobile nets.':
    'Der Gleichrichter, bei 6 abgeschnitten: für kleine und mobile Netze.',
  'A rectifier that lets a small part of negative values through, so that no unit dies.':
    'Ein Gleichrichter, der einen kleinen Teil negativer Werte durchlässt, damit keine Einheit stirbt.',
  'What negative values are multiplied by.': 'Womit negative Werte malgenommen werden.',
  'A rectifier whose negative side bends smoothly towards -alpha.':
    'Ein Gleichrichter, dessen negative Seite sich weich gegen -alpha biegt.',
  'How far below zero it goes.': 'Wie weit er unter null geht.',
  'x times its sigmoid, also called swish: a smooth rectifier.':
    'x mal sein Sigmoid, auch Swish genannt: ein weicher Gleichrichter.',
  'x times the normal distribution function: the smooth rectifier of ConvNeXt and transformers.':
    'x mal die Verteilungsfunktion der Normalverteilung: der weiche Gleichrichter von ConvNeXt und Transformern.',
  'Computes it by tanh: faster, and nearly the same.': 'Berechnet es über tanh: schneller und fast dasselbe.',
  'silu from straight pieces: cheap, for mobile nets.': 'silu aus geraden Stücken: billig, für mobile Netze.',
  'The sigmoid from straight pieces: cheap, for gates in mobile nets.':
    'Das Sigmoid aus geraden Stücken: billig, für Tore in mobilen Netzen.',
  'Squeezes values into 0 to 1: for gates; as an activation it trains slowly.':
    'Drückt Werte in 0 bis 1: für Tore; als Aktivierung lernt es langsam.',
  'Squeezes values into -1 to 1: the activation of early convolutional nets.':
    'Drückt Werte in -1 bis 1: die Aktivierung früher Faltungsnetze.',
  'Makes positive weights that add up to 1, over the channels of each pixel: for attention inside a net.':
    'Macht positive Gewichte, die zusammen 1 sind, über die Kanäle jedes Pixels: für Aufmerksamkeit im Netz.',
  'Keeps the largest value of each window and channel: a smaller feature map that cares less about exact places.':
    'Behält den größten Wert jedes Fensters und Kanals: eine kleinere Merkmalskarte, der es weniger auf genaue Stellen ankommt.',
  'Height and width of the window.': 'Höhe und Breite des Fensters.',
  'Step of the window; left out: its kernelSize.': 'Schritt des Fensters; weggelassen: seine kernelSize.',
  "Room around the input, at most half the kernelSize; 'valid' is none.":
    'Raum um die Eingabe, höchstens die halbe kernelSize; „valid“ heißt keiner.',
  'Whether a last window that reaches past the edge counts too.':
    'Ob ein letztes Fenster, das über den Rand reicht, auch zählt.',
  'Takes the mean of each window and channel: a smaller, smoother feature map.':
    'Nimmt das Mittel jedes Fensters und Kanals: eine kleinere, glattere Merkmalskarte.',
  'Whether the padding counts, as zeros, in the mean.': 'Ob der Rand als Nullen ins Mittel zählt.',
  'Blurs each channel before taking every second position: a smaller feature map that hardly changes when the picture shifts by a pixel.':
    'Macht jeden Kanal unscharf, bevor jede zweite Stelle genommen wird: eine kleinere Merkmalskarte, die sich kaum ändert, wenn das Bild um ein Pixel rückt.',
  'Size of the binomial filter.': 'Größe des Binomialfilters.',
  'Every how many-th position is kept.': 'Jede wievielte Stelle bleibt.',
  'The mean of each channel over the whole picture: a feature map of any size becomes one number a channel.':
    'Das Mittel jedes Kanals über das ganze Bild: Aus einer Merkmalskarte jeder Größe wird eine Zahl je Kanal.',
  'Means over windows chosen so that the output has the size you ask for, whatever the input.':
    'Mittel über Fenster, die so gewählt sind, dass die Ausgabe die gewünschte Größe hat, wie groß die Eingabe auch sei.',
  'Height and width of the output.': 'Höhe und Breite der Ausgabe.',
  'Lays a feature map out as one row of features (channels, height, width), for a linear layer.':
    'Legt eine Merkmalskarte als eine Reihe von Merkmalen aus (Kanäle, Höhe, Breite), für eine lineare Schicht.',
  'In training, sets a random part of the values to 0 and scales the others up, against overfitting.':
    'Setzt im Training einen zufälligen Teil der Werte auf 0 und vergrößert die übrigen, gegen Überanpassung.',
  'The part that is set to 0.': 'Der Teil, der auf 0 gesetzt wird.',
  'At the end of a residual branch: in training, leaves the branch out for a random part of the pictures.':
    'Am Ende eines Residual-Zweigs: lässt den Zweig im Training für einen zufälligen Teil der Bilder weg.',
  'The part of the pictures without it.': 'Der Teil der Bilder ohne ihn.',
  'Multiplies each channel by a trained number that starts near 0, so that deep residual nets begin calmly.':
    'Nimmt jeden Kanal mit einer gelernten Zahl mal, die nahe 0 beginnt, damit tiefe Residual-Netze ruhig anfangen.',
  'Where the factors start.': 'Womit die Faktoren beginnen.',
  'Multiplies everything by one fixed number, such as logits that would otherwise be too large.':
    'Nimmt alles mit einer festen Zahl mal, etwa Logits, die sonst zu groß wären.',
  'The number; it is not trained.': 'Die Zahl; sie wird nicht trainiert.',
  'Zeros around the feature map, with a number for each side.':
    'Nullen um die Merkmalskarte, mit einer Anzahl für jede Seite.',
  'Rows or columns of zeros at the top.': 'Zeilen aus Nullen oben.',
  'Rows or columns of zeros at the bottom.': 'Zeilen aus Nullen unten.',
  'Rows or columns of zeros at the left.': 'Spalten aus Nullen links.',
  'Rows or columns of zeros at the right.': 'Spalten aus Nullen rechts.',
  'The sum of branches of one shape: the junction of a residual block.':
    'Die Summe von Zweigen einer Form: wo ein Residual-Block zusammenkommt.',
  'The product of branches: of one shape, or a feature map and then a factor for each channel (squeeze and excite).':
    'Das Produkt von Zweigen: von einer Form, oder eine Merkmalskarte und dann ein Faktor je Kanal (Squeeze and Excite).',
  'Puts the channels of branches side by side: the junction of an Inception block.':
    'Legt die Kanäle von Zweigen nebeneinander: wo ein Inception-Block zusammenkommt.',

  // Optimizers
  'Stochastic gradient descent, with momentum: robust and the best known finish for convolutional networks.':
    'Stochastischer Gradientenabstieg mit Momentum: robust und für Faltungsnetze das beste bekannte Ende.',
  'Share of the last update that goes on.': 'Anteil des letzten Schritts, der weitergeht.',
  'Share of a gradient kept out of the momentum.': 'Anteil eines Gradienten, der nicht ins Momentum kommt.',
  'Looks ahead along the momentum (Nesterov).': 'Blickt entlang des Momentums voraus (Nesterov).',
  'Strength with which weights shrink (L2).': 'Wie stark die Gewichte schrumpfen (L2).',
  'Adapts the step of each weight to its gradients; weight decay is mixed into the gradient.':
    'Passt den Schritt jedes Gewichts an seine Gradienten an; Weight Decay ist in den Gradienten gemischt.',
  'How long the mean of gradients remembers.': 'Wie lange das Mittel der Gradienten zurückreicht.',
  'How long the mean of squared gradients remembers.': 'Wie lange das Mittel der quadrierten Gradienten zurückreicht.',
  'Added to the divisor, so that it is never 0.': 'Kommt zum Teiler hinzu, damit er nie 0 ist.',
  'Divides by the largest mean of squares so far.': 'Teilt durch das bisher größte Mittel der Quadrate.',
  'Adam with weight decay of its own: learns fast with little tuning.':
    'Adam mit eigenem Weight Decay: lernt schnell, mit wenig Abstimmen.',
  'Strength with which weights shrink at each step.': 'Wie stark die Gewichte bei jedem Schritt schrumpfen.',
  'Divides each gradient by a running root mean square of itself.':
    'Teilt jeden Gradienten durch sein laufendes quadratisches Mittel.',
  'Divides by the deviation instead of the root mean square.':
    'Teilt durch die Abweichung statt durch das quadratische Mittel.',
  'Moves every weight by the same amount, along the sign of its mean gradient: wants a tenth of the rate of AdamW.':
    'Bewegt jedes Gewicht gleich weit, nach dem Vorzeichen seines mittleren Gradienten: will ein Zehntel der Rate von AdamW.',
  'Share of the mean of gradients in the direction of a step.':
    'Anteil des Mittels der Gradienten an der Richtung eines Schritts.',
  'Makes the step of each hidden layer orthogonal, so that it learns in all directions at once; other weights go by AdamW or SGD.':
    'Macht den Schritt jeder verborgenen Schicht orthogonal, so dass sie in alle Richtungen zugleich lernt; andere Gewichte gehen nach AdamW oder SGD.',
  'Steps of the iteration.': 'Schritte der Iteration.',
  "Scales a step: 'original' by √(outputs / inputs) where that is above 1; 'adamw' to the size of AdamW's; or not at all.":
    'Skaliert einen Schritt: „original“ mit √(Ausgänge / Eingänge), wo das über 1 ist; „adamw“ auf die Größe bei AdamW; oder gar nicht.',
  'Keeps the norm of each hidden weight at √outputs, as airbench does; for layers before a normalisation.':
    'Hält die Norm jedes verborgenen Gewichts auf √Ausgänge, wie airbench; für Schichten vor einer Normalisierung.',
  'What updates biases, norms, the first layer and the head.':
    'Was Biases, Normen, die erste Schicht und den Kopf fortschreibt.',
  'Their learning rate, as a share of that of the hidden weights.':
    'Ihre Lernrate, als Anteil an der der verborgenen Gewichte.',
  'Their momentum (with SGD, Nesterov), or the beta1 of AdamW.':
    'Ihr Momentum (bei SGD nach Nesterov) oder das beta1 von AdamW.',
  'Their weight decay.': 'Ihr Weight Decay.',

  // Schedules of the learning rate
  'The same learning rate throughout.': 'Durchweg dieselbe Lernrate.',
  'Multiplies the learning rate by a factor at regular intervals.':
    'Nimmt die Lernrate in gleichen Abständen mit einem Faktor mal.',
  'Steps between two drops.': 'Schritte zwischen zwei Senkungen.',
  'What the learning rate is multiplied by at each drop.': 'Womit die Lernrate bei jeder Senkung malgenommen wird.',
  'Multiplies the learning rate by a factor at the steps that you name.':
    'Nimmt die Lernrate bei den genannten Schritten mit einem Faktor mal.',
  'The steps at which the learning rate drops.': 'Die Schritte, bei denen die Lernrate sinkt.',
  'What the learning rate is multiplied by at each milestone.':
    'Womit die Lernrate bei jedem dieser Schritte malgenommen wird.',
  'Multiplies the learning rate by a factor at every step.':
    'Nimmt die Lernrate bei jedem Schritt mit einem Faktor mal.',
  'What the learning rate is multiplied by at each step.': 'Womit die Lernrate bei jedem Schritt malgenommen wird.',
  'Rises by the same factor at every step, to the learning rate that you ask for: to find one.':
    'Steigt bei jedem Schritt um denselben Faktor, bis zur gewünschten Lernrate: um eine zu finden.',
  'The learning rate of the first step.': 'Die Lernrate des ersten Schritts.',
  'Falls to zero along a power of the steps that remain; power 1 is a straight line.':
    'Fällt nach einer Potenz der restlichen Schritte auf null; Potenz 1 ist eine Gerade.',
  'The exponent: larger falls faster at first.': 'Der Exponent: Ein größerer fällt zuerst schneller.',
  'Steps until zero; left out: the whole training.': 'Schritte bis null; weggelassen: das ganze Training.',
  'Falls along half a cosine: slowly, then fast, then slowly again; a good default.':
    'Fällt entlang eines halben Kosinus: langsam, dann schnell, dann wieder langsam; ein guter Anfang.',
  'The learning rate at the end.': 'Die Lernrate am Ende.',
  'Steps until the minimum; left out: the whole training.':
    'Schritte bis zum kleinsten Wert; weggelassen: das ganze Training.',
  'Falls along half a cosine again and again, each time over more steps.':
    'Fällt immer wieder entlang eines halben Kosinus, jedes Mal über mehr Schritte.',
  'Steps of the first fall.': 'Schritte des ersten Falls.',
  'How much longer each fall is than the one before.': 'Wievielmal so lang jeder Fall ist wie der vorige.',
  'The learning rate at the end of each fall.': 'Die Lernrate am Ende jedes Falls.',
  'Rises to the learning rate that you ask for, then falls far below where it began: for short trainings.':
    'Steigt bis zur gewünschten Lernrate und fällt dann weit unter ihren Anfang: für kurze Trainings.',
  'Fraction of the training in which it rises.': 'Anteil des Trainings, in dem sie steigt.',
  'It begins at the learning rate divided by this.': 'Sie beginnt bei der Lernrate geteilt durch dies.',
  'It ends at its beginning divided by this.': 'Sie endet bei ihrem Anfang geteilt durch dies.',
  'The curve of rise and fall.': 'Die Kurve von Anstieg und Fall.',
  'Multiplies the learning rate by a factor whenever the validation loss has stopped improving.':
    'Nimmt die Lernrate mit einem Faktor mal, sooft der Val-Loss nicht mehr besser wird.',
  'What the learning rate is multiplied by.': 'Womit die Lernrate malgenommen wird.',
  'Measurements without improvement that are borne.': 'Messungen ohne Besserung, die hingenommen werden.',
  'The least change that counts as an improvement.': 'Die kleinste Änderung, die als Besserung zählt.',
  'Whether the threshold is a fraction of the best metric or a difference from it.':
    'Ob die Schwelle ein Anteil des besten Werts oder ein Abstand von ihm ist.',
  'Whether a smaller or a larger metric is better.': 'Ob ein kleinerer oder ein größerer Wert besser ist.',
  'Measurements after a drop in which none is counted bad.':
    'Messungen nach einer Senkung, von denen keine als schlecht zählt.',
  'The learning rate never falls below this.': 'Darunter fällt die Lernrate nie.',

  // Losses
  'How surprised the softmax of the logits is by the true class: the loss for classification.':
    'Wie überrascht der Softmax der Logits von der wahren Klasse ist: der Loss fürs Klassifizieren.',
  'The part of the target that is spread over all classes, against overconfidence.':
    'Der Teil des Ziels, der auf alle Klassen verteilt wird, gegen zu große Sicherheit.',
  'A weight for each class, so that rare classes count more; left out: all count alike.':
    'Ein Gewicht für jede Klasse, damit seltene mehr zählen; weggelassen: Alle zählen gleich.',

  // Augmentations
  'Mirrors left and right. Not for digits, letters or directions.':
    'Spiegelt links und rechts. Nicht für Ziffern, Buchstaben oder Richtungen.',
  'share of the pictures that are changed': 'Anteil der Bilder, die verändert werden',
  'Mirrors top and bottom: for pictures without an upright, such as those from above or through a microscope.':
    'Spiegelt oben und unten: für Bilder ohne Oben, etwa von oben oder durch ein Mikroskop.',
  'Pads with black pixels on each side and cuts the size out again at a random place.':
    'Setzt auf jeder Seite schwarze Pixel an und schneidet die Größe an einer zufälligen Stelle wieder aus.',
  'black pixels on each side': 'schwarze Pixel auf jeder Seite',
  'Cuts out a part of random size and place and enlarges it to the whole.':
    'Schneidet einen Teil von zufälliger Größe und Lage aus und vergrößert ihn zum Ganzen.',
  'smallest share of the area that is kept': 'kleinster Anteil der Fläche, der bleibt',
  'largest stretch of a side': 'größte Streckung einer Seite',
  'Turns about the centre; corners that come in from outside are black.':
    'Dreht um die Mitte; Ecken, die von außen hereinkommen, sind schwarz.',
  'turns by up to this, either way': 'dreht um bis zu so viel, nach beiden Seiten',
  'Turns, moves, scales and shears at once; what comes in from outside is black.':
    'Dreht, verschiebt, skaliert und schert zugleich; was von außen hereinkommt, ist schwarz.',
  'moves by up to this share of a side': 'verschiebt um bis zu diesen Anteil einer Seite',
  'enlarges or shrinks by up to this share': 'vergrößert oder verkleinert um bis zu diesen Anteil',
  'leans by up to this many degrees': 'neigt um bis zu so viele Grad',
  'Makes the whole lighter or darker.': 'Macht das Ganze heller oder dunkler.',
  'by a factor from 1 - this to 1 + this': 'um einen Faktor von 1 minus bis 1 plus so viel',
  'Makes differences of light stronger or weaker.': 'Macht Unterschiede im Licht stärker oder schwächer.',
  'Makes colours stronger or paler; nothing on grey pictures.':
    'Macht Farben kräftiger oder blasser; nichts bei grauen Bildern.',
  'Turns the colour circle; nothing on grey pictures.': 'Dreht den Farbkreis; nichts bei grauen Bildern.',
  'share of the colour circle, either way': 'Anteil des Farbkreises, nach beiden Seiten',
  'Brightness, contrast, saturation and hue at once; on grey pictures the first two.':
    'Helligkeit, Kontrast, Sättigung und Farbton zugleich; bei grauen Bildern die ersten beiden.',
  'Blurs a little or more.': 'Macht ein wenig oder mehr unscharf.',
  'largest deviation of the blur, in pixels': 'größte Abweichung der Unschärfe, in Pixeln',
  'Adds noise to each value by itself, as a camera in the dark does.':
    'Gibt jedem Wert für sich Rauschen, wie eine Kamera im Dunkeln.',
  'standard deviation, as a share of the range from black to white':
    'Standardabweichung, als Anteil der Spanne von Schwarz bis Weiß',
  'Blackens a random rectangle, so that no single part of a thing decides.':
    'Schwärzt ein zufälliges Rechteck, damit kein einzelner Teil eines Dings entscheidet.',
  'largest share of the area': 'größter Anteil der Fläche',
  'TrivialAugment: one of fourteen changes, of any strength, for each picture. Nothing to tune.':
    'TrivialAugment: für jedes Bild eine von vierzehn Änderungen, beliebig stark. Nichts abzustimmen.',
  'RandAugment: some of fourteen changes, of one strength, one after the other.':
    'RandAugment: einige von vierzehn Änderungen, gleich stark, nacheinander.',
  'strength of each change': 'Stärke jeder Änderung',
  'changes of each picture': 'Änderungen je Bild',
  'Lays another picture over it, half transparent; the label is shared likewise.':
    'Legt ein anderes Bild halb durchsichtig darüber; das Label wird ebenso geteilt.',
  'small: mostly one picture; 1: any share': 'klein: meist nur ein Bild; 1: jeder Anteil',
  'Puts a rectangle of another picture into it; the label is shared by area.':
    'Setzt ein Rechteck eines anderen Bildes hinein; das Label wird nach der Fläche geteilt.',

  // Presets
  'One weight for each pixel and class: the baseline that any other model has to beat.':
    'Ein Gewicht für jedes Pixel und jede Klasse: die Grundlinie, die jedes andere Modell schlagen muss.',
  'Two hidden layers without convolution: to see what convolution gains.':
    'Zwei verborgene Schichten ohne Faltung: um zu sehen, was Faltung bringt.',
  'The classic for digits: small, quick, and easy to look into.':
    'Der Klassiker für Ziffern: klein, schnell und leicht zu durchschauen.',
  'The default for small grey pictures such as digits or clothes: two convolutions, over 99 % on MNIST.':
    'Der Anfang für kleine graue Bilder wie Ziffern oder Kleider: zwei Faltungen, über 99 % auf MNIST.',
  'To look into a network: so few filters that each can be watched, for colour pictures of about 64x64.':
    'Um in ein Netz zu sehen: so wenige Filter, dass jeder zu beobachten ist, für farbige Bilder von etwa 64x64.',
  'A small net for colour pictures of about 32x32 that trains fast and without surprises.':
    'Ein kleines Netz für farbige Bilder von etwa 32x32, das schnell und ohne Überraschungen lernt.',
  'The accurate choice for small colour pictures when there is time: 20 layers with shortcuts.':
    'Die genaue Wahl für kleine farbige Bilder, wenn Zeit ist: 20 Schichten mit Abkürzungen.',
  'A step deeper than resnet20, for small colour pictures: a little better for 1.7 times the work.':
    'Eine Stufe tiefer als resnet20, für kleine farbige Bilder: etwas besser für die 1,7-fache Arbeit.',
  'To see what depth gains: the deepest narrow residual net for small colour pictures, and slow.':
    'Um zu sehen, was Tiefe bringt: das tiefste schmale Residual-Netz für kleine farbige Bilder, und langsam.',
  'Much accuracy for little arithmetic: for colour pictures and slow machines.':
    'Viele Treffer für wenig Rechnen: für farbige Bilder und langsame Rechner.',
  'For many small colour pictures and few epochs: the speed record on CIFAR-10, wide, and quick to learn.':
    'Für viele kleine farbige Bilder und wenige Epochen: der Rekord auf CIFAR-10, breit und schnell lernend.',
  'The most accurate for small colour pictures that still trains without tricks: few layers, but wide ones.':
    'Das genaueste für kleine farbige Bilder, das noch ohne Kniffe lernt: wenige Schichten, aber breite.',
  'Accurate with few weights, for small colour pictures, when memory and time for training do not matter.':
    'Genau mit wenigen Gewichten, für kleine farbige Bilder, wenn Speicher und Zeit fürs Training keine Rolle spielen.',
  'Small without batch norm: for photographs on slow machines, starting from trained weights.':
    'Klein ohne Batch Norm: für Fotos auf langsamen Rechnern, von trainierten Gewichten aus.',
  'The least arithmetic for photographs: for a page, a phone, or many pictures a second.':
    'Das wenigste Rechnen für Fotos: für eine Webseite, ein Telefon oder viele Bilder je Sekunde.',
  'For photographs where it must be quick and small, with trained weights to be had everywhere.':
    'Für Fotos, wo es schnell und klein sein muss, mit trainierten Gewichten, die es überall gibt.',
  'More accurate than mobilenet_v3_small for four times its arithmetic: for photographs, from trained weights.':
    'Genauer als mobilenet_v3_small für das Vierfache an Rechnen: für Fotos, von trainierten Gewichten aus.',
  'The most accurate of the light networks for photographs, from trained weights; slow to train from nothing.':
    'Das genaueste der leichten Netze für Fotos, von trainierten Gewichten aus; langsam, wenn es bei nichts anfängt.',
  'For photographs of 64x64 and more: a residual net whose first layers make them small quickly.':
    'Für Fotos von 64x64 und mehr: ein Residual-Netz, dessen erste Schichten sie schnell klein machen.',
  'resnet18 with twice the blocks: for photographs, where there are many and time to train.':
    'resnet18 mit doppelt so vielen Blöcken: für Fotos, wo es viele gibt und Zeit zum Trainieren.',
  'The network with the most trained weights to start from: for photographs, mostly by transfer learning.':
    'Das Netz mit den meisten trainierten Gewichten zum Anfangen: für Fotos, meist durch Transferlernen.',
  'The plain deep stack of 3x3 convolutions: to start from its trained weights, or as a yardstick for others.':
    'Der schlichte tiefe Stapel aus 3x3-Faltungen: um von seinen trainierten Gewichten auszugehen oder als Maßstab für andere.',
  'The strongest here for photographs when you start from its trained weights; large, and slow from nothing.':
    'Das stärkste hier für Fotos, wenn es von seinen trainierten Gewichten ausgeht; groß, und langsam, wenn es bei nichts anfängt.',

  // Disturbances of a test
  'Moved to one of four sides by whole pixels; the edge is continued.':
    'Um ganze Pixel nach einer von vier Seiten verschoben; der Rand wird fortgesetzt.',
  'Turned about the centre, one way or the other.': 'Um die Mitte gedreht, nach der einen oder anderen Seite.',
  'Shrunk or enlarged about the centre.': 'Um die Mitte verkleinert oder vergrößert.',
  'Out of focus.': 'Unscharf.',
  'Grain on each value by itself, as in the dark.': 'Körnung auf jedem Wert für sich, wie im Dunkeln.',
  'Darker or brighter.': 'Dunkler oder heller.',
  'Written as JPEG at the size that the model sees, and read again.':
    'Als JPEG in der Größe geschrieben, die das Modell sieht, und wieder gelesen.',
  'A grey square somewhere in front of it.': 'Irgendwo ein graues Quadrat davor.',
};
