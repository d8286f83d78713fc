/**
 * What the workbench says, in German: by its sentences (see `say`), with their values where they stand. A part that comes
 * and goes is a sentence of its own.
 */
export const deSentences: Readonly<Record<string, string>> = {
  // Recipes
  "'{1}' mirrors pictures, and a mirrored '{2}' may be another thing: leave it out.":
    '„{1}“ spiegelt Bilder, und ein gespiegeltes „{2}“ kann etwas anderes sein: Lassen Sie es weg.',
  "'{1}' turns pictures by up to {2} degrees, and a turned '{3}' may be another thing.":
    '„{1}“ dreht Bilder um bis zu {2} Grad, und ein gedrehtes „{3}“ kann etwas anderes sein.',
  'No augmentation: grey pictures are taken as they are.':
    'Keine Augmentierung: Graue Bilder werden genommen, wie sie sind.',
  "Augmentation: shifts by up to {1} pixels; no mirroring, because a mirrored '{2}' may be another thing.":
    'Augmentierung: Verschieben um bis zu {1} Pixel; kein Spiegeln, denn ein gespiegeltes „{2}“ kann etwas anderes sein.',
  'Augmentation: colour pictures are mirrored and shifted by up to {1} pixels, anew in each epoch.':
    'Augmentierung: Farbige Bilder werden gespiegelt und um bis zu {1} Pixel verschoben, in jeder Epoche neu.',
  'Augmentation: {1}.': 'Augmentierung: {1}.',
  "Model {1}: that of '{2}'.": 'Modell {1}: das von „{2}“.',
  'Model mlp: pictures of {1} are too small for convolutions.':
    'Modell mlp: Bilder von {1} sind zu klein für Faltungen.',
  'Model mnist-cnn: small grey pictures ({1}) need no deep network.':
    'Modell mnist-cnn: Kleine graue Bilder ({1}) brauchen kein tiefes Netz.',
  grey: 'graue',
  colour: 'farbige',
  'Model vgg6-bn: a small network with batch norm suits {1} pictures of {2}.':
    'Modell vgg6-bn: Ein kleines Netz mit Batch Norm passt für {1} Bilder von {2}.',
  '{1} training pictures': '{1} Trainingsbilder',
  '{1} epochs: with only {2} each is seen often.': '{1} Epochen: Es gibt nur {2}, da wird jedes oft gesehen.',
  '{1} epochs: with {2} a few are enough.': '{1} Epochen: Es gibt {2}, da genügen wenige.',
  '{1} epochs: {2}, so that about {3},000 views are learnt from.':
    '{1} Epochen: {2}, so dass aus etwa {3}.000 Blicken gelernt wird.',
  'Class weights in the loss: {1}.': 'Gewichte der Klassen im Loss: {1}.',
  'elements to ±{1}': 'Elemente auf ±{1}',
  'their norm to {1}': 'ihre Norm auf {1}',
  'Gradients are clipped: {1}.': 'Gradienten werden begrenzt: {1}.',
  '{1}, then {2}': '{1}, dann {2}',
  ' from epoch {1} on': ' ab Epoche {1}',
  'Weights are averaged ({1}){2}: the average is validated and kept, the training goes on beside it.':
    'Die Gewichte werden gemittelt ({1}){2}: Validiert und behalten wird das Mittel, das Training geht daneben weiter.',
  'Balanced sampling: an epoch sees about {1} pictures of every class, of which there are {2} to {3}.':
    'Ausgewogenes Ziehen: Eine Epoche sieht etwa {1} Bilder jeder Klasse, von denen es {2} bis {3} gibt.',
  'Both together make rare classes count twice over: one of them is usually enough.':
    'Beides zusammen lässt seltene Klassen doppelt zählen: Meist genügt eines davon.',
  'its running statistics are updated with each part': 'ihre laufende Statistik wird mit jedem Teil fortgeschrieben',
  'batch norm takes its statistics from each part, not from the whole batch, and {1}':
    'Batch Norm nimmt ihre Statistik aus jedem Teil, nicht aus dem ganzen Batch, und {1}',
  'dropout draws anew for each part': 'Dropout zieht für jeden Teil neu',
  'each batch of {1} pictures is computed in {2} parts, with one update for all':
    'jeder Batch von {1} Bildern wird in {2} Teilen gerechnet, mit einem Schritt für alle',
  '{1}: the result differs from that of whole batches': '{1}: Das Ergebnis ist ein anderes als das ganzer Batches',
  '{1}; {2}': '{1}; {2}',
  'the result is that of whole batches but for rounding': 'das Ergebnis ist bis auf Rundung das ganzer Batches',
  'Micro-batches of up to {1}: {2}; {3}.': 'Teile von bis zu {1}: {2}; {3}.',
  'training stops when val loss has not become lower for {1}':
    'Das Training hört auf, wenn der Val-Loss so lange nicht niedriger wurde: {1}',
  'an epoch': 'eine Epoche',
  '{1} epochs': '{1} Epochen',
  "Patience {1}: {2}, else after {3}; the best epoch's weights are kept either way.":
    'Geduld {1}: {2}, sonst nach {3}; behalten werden so oder so die Gewichte der besten Epoche.',
  'Learning rates: {1}.': 'Lernraten: {1}.',
  'Few pictures ({1} a class): more of them help most. Beginning with a run on other pictures, --weights RUN, gave 0 to 4 points on TrashNet (docs/transfer.md).':
    'Wenige Bilder ({1} je Klasse): Am meisten helfen mehr davon. Mit einem Lauf auf anderen Bildern zu beginnen, --weights LAUF, brachte auf TrashNet 0 bis 4 Punkte (docs/transfer.md).',
  'Frozen throughout: fast, but with a small network trained on other pictures it was 13 to 16 points below letting all layers learn (docs/transfer.md); --unfreeze-at 4 lets them.':
    'Durchweg eingefroren: schnell, lag aber bei einem kleinen, auf anderen Bildern trainierten Netz 13 bis 16 Punkte unter einem, in dem alle Schichten lernen (docs/transfer.md); --unfreeze-at 4 lässt sie.',
  "Weights of '{1}': {2} of the model's {3} tensors are taken from there.":
    'Gewichte von „{1}“: {2} von den {3} Tensoren des Modells werden von dort genommen.',
  "The head '{1}' is new, for {2} classes.": 'Der Kopf „{1}“ ist neu, für {2} Klassen.',
  'Not there, so from the seed: {1}.': 'Nicht dort, also aus dem Seed: {1}.',
  'Of another shape, so from the seed: {1}.': 'Von anderer Form, also aus dem Seed: {1}.',
  'Not used: {1}.': 'Nicht gebraucht: {1}.',
  'Rounded from float64: {1}.': 'Von float64 gerundet: {1}.',
  '{1} and {2} more': '{1} und {2} weitere',
  'all layers learn': 'lernen alle Schichten',
  "layers up to '{1}' are frozen": 'sind die Schichten bis „{1}“ eingefroren',
  'from epoch {1} on {2}': 'ab Epoche {1} {2}',
  'Stages: {1}. Frozen batch norm keeps its statistics.':
    'Abschnitte: Zuerst {1}. Eingefrorene Batch Norm behält ihre Statistik.',
  'While layers are frozen, each picture is augmented in {1} ways, which come again: what the frozen layers make of them is computed once.':
    'Solange Schichten eingefroren sind, wird jedes Bild auf {1} Arten augmentiert, die wiederkehren: Was die eingefrorenen Schichten daraus machen, wird einmal gerechnet.',

  // Named recipes
  'A sound result within minutes: to find out whether data and classes do at all.':
    'Ein brauchbares Ergebnis in Minuten: um zu sehen, ob Daten und Klassen überhaupt taugen.',
  'A plain network with AdamW learns digits in a minute; it needs no augmentation for that.':
    'Ein schlichtes Netz mit AdamW lernt Ziffern in einer Minute; dafür braucht es keine Augmentierung.',
  'A narrow airbench network: the first convolution is computed from the pictures, so that none of the few epochs is spent on it.':
    'Ein schmales airbench-Netz: Die erste Faltung wird aus den Bildern berechnet, damit keine der wenigen Epochen dafür draufgeht.',
  'Label smoothing of 0.2 and a learning rate that falls on a straight line are airbench’s.':
    'Geglättete Labels von 0,2 und eine Lernrate, die auf einer Geraden fällt, sind die von airbench.',
  'A small network, since photographs have many pixels; one cycle of a high learning rate suits few epochs.':
    'Ein kleines Netz, da Fotos viele Pixel haben; ein Zyklus mit hoher Lernrate passt zu wenigen Epochen.',
  'small grey pictures': 'kleine graue Bilder',
  'small colour pictures': 'kleine farbige Bilder',
  photographs: 'Fotos',
  'Muon makes the step of each hidden layer orthogonal (Jordan et al. 2024), so that it learns in all directions at the same pace; batch norm behind each layer lets its weights keep one norm.':
    'Muon macht den Schritt jeder verborgenen Schicht orthogonal (Jordan u. a. 2024), so dass sie in alle Richtungen gleich schnell lernt; die Batch Norm hinter jeder Schicht lässt ihre Gewichte eine Norm behalten.',
  'A good result within the hour: what most data deserve.':
    'Ein gutes Ergebnis binnen einer Stunde: was die meisten Daten verdienen.',
  'vgg6-bn has fewer than 100,000 parameters and batch norm, with which Muon works best.':
    'vgg6-bn hat weniger als 100.000 Parameter und Batch Norm, mit der Muon am besten arbeitet.',
  'Pictures are shifted by up to 2 pixels, which is what hand-made grey pictures differ by.':
    'Bilder werden um bis zu 2 Pixel verschoben: So viel unterscheiden sich handgemachte graue Bilder.',
  'The average of the weights is smoother than the last weights, at the cost of one pass over them.':
    'Das Mittel der Gewichte ist glatter als die letzten Gewichte und kostet einen Durchgang durch sie.',
  'The network of the CIFAR-10 record, which is made for few epochs.':
    'Das Netz des CIFAR-10-Rekords, das für wenige Epochen gemacht ist.',
  'As in the record, the answer is the mean over a picture and its mirror image.':
    'Wie beim Rekord ist die Antwort das Mittel über ein Bild und sein Spiegelbild.',
  'Tests and answers are the mean over a picture and its mirror image, which takes twice their time.':
    'Tests und Antworten sind das Mittel über ein Bild und sein Spiegelbild, was die doppelte Zeit kostet.',
  'The average of the weights takes the place of the record’s lookahead.':
    'Das Mittel der Gewichte steht an der Stelle des Lookahead im Rekord.',
  'For photographs in the hundreds or thousands a small network learns more than a large one; where there are weights of another training, begin with them (--weights).':
    'Aus Hunderten oder Tausenden Fotos lernt ein kleines Netz mehr als ein großes; wo es Gewichte aus einem anderen Training gibt, beginnen Sie mit ihnen (--weights).',
  'Light differs between photographs, so brightness, contrast and colour are varied.':
    'Das Licht ist von Foto zu Foto anders, darum werden Helligkeit, Kontrast und Farbe verändert.',
  'As good as it gets here, whatever time it takes: for the model that is to be kept.':
    'So gut es hier geht, so lange es auch dauert: für das Modell, das bleiben soll.',
  'A narrow airbench network: wide enough for clothes, ten times as many weights as vgg6-bn.':
    'Ein schmales airbench-Netz: breit genug für Kleider, zehnmal so viele Gewichte wie vgg6-bn.',
  'A part of a quarter of the pictures is erased, so that no single mark decides; digits and letters are turned, moved and scaled a little instead, since an erased stroke makes another one of them, and learnt without label smoothing, since there is hardly a doubt about them.':
    'Aus einem Viertel der Bilder wird ein Teil gelöscht, damit kein einzelnes Merkmal entscheidet; Ziffern und Buchstaben werden stattdessen ein wenig gedreht, verschoben und skaliert, weil ein gelöschter Strich andere aus ihnen macht, und ohne geglättete Labels gelernt, weil bei ihnen kaum ein Zweifel ist.',
  'The average of the weights is smoother than the last weights.':
    'Das Mittel der Gewichte ist glatter als die letzten Gewichte.',
  'The network of the CIFAR-10 record, trained four times as long, with stronger augmentation for the longer time.':
    'Das Netz des CIFAR-10-Rekords, viermal so lange trainiert, mit stärkerer Augmentierung für die längere Zeit.',
  'A residual network of the usual size. It is slow without weights of another training: with them (--weights) it needs a tenth of the epochs.':
    'Ein Residual-Netz der üblichen Größe. Ohne Gewichte aus einem anderen Training ist es langsam: Mit ihnen (--weights) braucht es ein Zehntel der Epochen.',
  'Gradients are held to a norm of 1, so that no single batch throws the weights far.':
    'Gradienten werden auf einer Norm von 1 gehalten, damit kein einzelner Batch die Gewichte weit wirft.',
  'Recipe {1} for {2}: {3}': 'Rezept {1} für {2}: {3}',
  'Only {1} training pictures: batches of a quarter, for more steps, at half the rate.':
    'Nur {1} Trainingsbilder: Batches von einem Viertel, für mehr Schritte, mit halber Lernrate.',
  'Otherwise than the recipe says, as you asked: {1}.': 'Anders als im Rezept, wie Sie es wollten: {1}.',
  '{1} epochs of {2} training pictures': '{1} Epochen mit {2} Trainingsbildern',
  '{1}, since more of so few would be learnt by heart.': '{1}, denn mehr von so wenigen würde auswendig gelernt.',
  '{1}, the fewest that the schedule needs.': '{1}, die wenigsten, die der Verlauf der Lernrate braucht.',
  '{1}, so that about {2},000 views are learnt from.': '{1}, so dass aus etwa {2}.000 Blicken gelernt wird.',

  // What a training means
  '{1} points': '{1} Punkte',
  'not finite': 'nicht endlich',
  '{1} and {2}': '{1} und {2}',
  "Before the first step the gradient's norm is {1}, largest in layer '{2}', and the loss is {3} where guessing gives {4}: each layer makes numbers larger, so weights start too large for this depth.":
    'Vor dem ersten Schritt ist die Norm des Gradienten {1}, am größten in der Schicht „{2}“, und der Loss {3}, wo Raten {4} ergibt: Jede Schicht macht die Zahlen größer, die Gewichte beginnen also zu groß für diese Tiefe.',
  'A tenth of the learning rate keeps the first steps small; batch norm after each convolution, or the usual initial weights, mends the cause.':
    'Ein Zehntel der Lernrate hält die ersten Schritte klein; Batch Norm nach jeder Faltung oder die üblichen Anfangsgewichte beheben die Ursache.',
  'No validation picture is ever taken for {1}, though there are some.{2}':
    'Kein Validierungsbild wird je für {1} gehalten, obwohl es welche gibt.{2}',
  ' With {1} training pictures against {2} of the largest class it pays to guess the others.':
    ' Bei {1} Trainingsbildern gegen {2} der größten Klasse lohnt es sich, auf die anderen zu raten.',
  ' The model has given these classes up, or their labels are mixed up with others.':
    ' Das Modell hat diese Klassen aufgegeben, oder ihre Labels sind mit anderen vermischt.',
  'See every class equally often: these classes should appear among the predictions.':
    'Jede Klasse gleich oft sehen: Diese Klassen sollten unter den Vorhersagen auftauchen.',
  "In training mode the loss of epoch {1} is {2}, in evaluation mode the same kind of pictures give {3}: the running statistics of batch norm are off (in '{4}' the mean lies {5} deviations beside them). Batches are too small or too few for them, or the weights move too fast.":
    'Im Training ist der Loss der Epoche {1} {2}, in der Auswertung ergeben Bilder derselben Art {3}: Die laufende Statistik der Batch Norm stimmt nicht (in „{4}“ liegt der Mittelwert {5} Abweichungen daneben). Die Batches sind zu klein oder zu wenige dafür, oder die Gewichte bewegen sich zu schnell.',
  'Larger batches give steadier statistics: both losses should come together.':
    'Größere Batches geben eine ruhigere Statistik: Beide Losses sollten zusammenrücken.',
  ' (here up to {1} in the second half)': ' (hier bis zu {1} in der zweiten Hälfte)',
  'With {1} validation pictures one picture is {2}, and val accuracy is uncertain by ±{3}: differences smaller than that between epochs or runs{4} mean nothing.':
    'Bei {1} Validierungsbildern macht ein Bild {2} aus, und die Val-Trefferquote ist um ±{3} unsicher: Kleinere Unterschiede zwischen Epochen oder Läufen{4} bedeuten nichts.',
  'Keep more pictures for validation.': 'Mehr Bilder zum Validieren behalten.',
  'Deal the pictures out anew with more for validation, write that down, and train by it.':
    'Die Bilder neu aufteilen, mit mehr zum Validieren, das aufschreiben und danach trainieren.',
  'After {1} epochs the train loss, measured as val loss is, is still {2} (guessing gives {3}) and {4} of the training pictures are right.':
    'Nach {1} Epochen ist der Train-Loss, gemessen wie der Val-Loss, noch {2} (Raten ergibt {3}), und {4} der Trainingsbilder sind richtig.',
  '{1} It was still falling: training was too short.': '{1} Er fiel noch: Das Training war zu kurz.',
  '{1} It falls no more: the model is too small or too simple for these pictures, or held back too much.':
    '{1} Er fällt nicht mehr: Das Modell ist zu klein oder zu einfach für diese Bilder oder wird zu sehr gebremst.',
  'Twice the epochs: train loss should go on falling.':
    'Doppelt so viele Epochen: Der Train-Loss sollte weiter fallen.',
  'The same without weight decay and augmentation shows whether they hold it back; else take a larger model.':
    'Dasselbe ohne Weight Decay und Augmentierung zeigt, ob sie es bremsen; sonst ein größeres Modell nehmen.',
  'All pixels that enter the model are alike: there is nothing to learn from.':
    'Alle Pixel, die ins Modell gehen, sind gleich: Daraus ist nichts zu lernen.',
  'What enters the model has mean {1} and deviation {2}, where initial weights and learning rates are made for 0 and 1: the first steps are too large in some directions and too small in others.':
    'Was ins Modell geht, hat den Mittelwert {1} und die Abweichung {2}; Anfangsgewichte und Lernraten sind für 0 und 1 gemacht: Die ersten Schritte sind in manche Richtungen zu groß, in andere zu klein.',
  'Train on the same pictures with their own mean and deviation, as Fovea does by itself; the first epoch should go faster.':
    'Auf denselben Bildern mit ihrem eigenen Mittelwert und ihrer eigenen Abweichung trainieren, wie Fovea es von sich aus tut; die erste Epoche sollte schneller vorankommen.',
  'Neighbouring pixels correlate by {1} (in photographs and drawings 0.5 to 0.98): they are in no order, or noise. A convolution looks for shapes among neighbours and finds none.':
    'Benachbarte Pixel korrelieren mit {1} (in Fotos und Zeichnungen 0,5 bis 0,98): Sie stehen in keiner Ordnung oder sind Rauschen. Eine Faltung sucht unter Nachbarn nach Formen und findet keine.',
  'Look at the pictures as training sees them.': 'Die Bilder ansehen, wie das Training sie sieht.',
  "Every training picture is labelled '{1}', so the network only has to say that always: its accuracy says nothing. Labels were probably read wrongly.":
    'Jedes Trainingsbild hat das Label „{1}“, das Netz muss also nur immer das sagen: Seine Trefferquote sagt nichts. Wahrscheinlich wurden die Labels falsch gelesen.',
  'See what was taken for a class.': 'Nachsehen, was für eine Klasse gehalten wurde.',
  ' The {1} validation pictures of it ({2}) can only be wrong, and they hold val loss up.':
    ' Die {1} Validierungsbilder davon ({2}) können nur falsch sein und halten den Val-Loss oben.',
  'There is no training picture of {1}: nothing can be learnt of it.{2}':
    'Von {1} gibt es kein Trainingsbild: Darüber kann nichts gelernt werden.{2}',
  'See how many pictures each part has of each class.': 'Nachsehen, wie viele Bilder jeder Klasse jeder Teil hat.',
  '{1} of {2} validation pictures ({3}) are also training pictures. Val loss and val accuracy are better than they will be on new pictures, and overfitting cannot show in them.':
    '{1} von {2} Validierungsbildern ({3}) sind auch Trainingsbilder. Val-Loss und Val-Trefferquote sind besser, als sie auf neuen Bildern sein werden, und Überanpassung kann sich in ihnen nicht zeigen.',
  'Split anew, with copies kept on one side; val accuracy should fall to what it really is.':
    'Neu aufteilen, Kopien auf einer Seite; die Val-Trefferquote sollte auf das fallen, was sie wirklich ist.',
  'For {1} epochs neither train loss ({2}) nor val loss ({3}) has fallen, with the learning rate still at {4}: steps jump about a valley that they are too large to go down into.':
    'Seit {1} Epochen sind weder Train-Loss ({2}) noch Val-Loss ({3}) gefallen, bei einer Lernrate von noch {4}: Die Schritte springen um ein Tal herum, in das sie zu groß sind hinabzusteigen.',
  'Let the rate fall to 0 by a cosine: the loss should fall in the second half.':
    'Die Lernrate nach einem Kosinus auf 0 fallen lassen: Der Loss sollte in der zweiten Hälfte fallen.',
  'The train loss falls by only {1} an epoch and is still {2} (guessing gives {3}), and a step changes weights by at most {4} % of their size (usual: 0.1 to 1 %). The learning rate {5} is too low.':
    'Der Train-Loss fällt nur um {1} je Epoche und ist noch {2} (Raten ergibt {3}), und ein Schritt ändert die Gewichte um höchstens {4} % ihrer Größe (üblich: 0,1 bis 1 %). Die Lernrate {5} ist zu niedrig.',
  'Ten times the learning rate and more: the loss should fall visibly within the first epoch; lr-find finds the rate.':
    'Die zehnfache Lernrate und mehr: Der Loss sollte in der ersten Epoche sichtbar fallen; lr-find findet die Rate.',
  validation: 'Validierungs',
  training: 'Trainings',
  "Of {1} {2} pictures {3} ({4}) contradict their label, and among the other classes the label stands as if drawn by lot (rank {5} of the way down; mistakes of a net's own usually under 20 %). So many labels are likely wrong, and val loss cannot fall below that.":
    'Von {1} {2}bildern widersprechen {3} ({4}) ihrem Label, und unter den anderen Klassen steht das Label wie ausgelost (Rang nach {5} des Wegs; eigene Fehler eines Netzes meist unter 20 %). So viele Labels sind wohl falsch, und der Val-Loss kann nicht darunter fallen.',
  'Look at the pictures whose labels are doubted.': 'Die Bilder ansehen, an deren Labels zu zweifeln ist.',
  'from the first step on': 'vom ersten Schritt an',
  'since epoch {1}': 'seit Epoche {1}',
  "In layer '{1}' {2} of the units give 0 for every picture of the sample {3} ({4} % of its numbers are 0). A rectifier whose input is always negative passes no gradient, so such units never come back.":
    'In der Schicht „{1}“ geben {2} der Einheiten {3} für jedes Bild der Stichprobe 0 ({4} % ihrer Zahlen sind 0). Ein Gleichrichter, dessen Eingabe immer negativ ist, lässt keinen Gradienten durch; solche Einheiten kommen nie zurück.',
  'A lower learning rate lets fewer units die; leakyRelu instead of relu, or the usual initial weights, let dead ones learn.':
    'Eine niedrigere Lernrate lässt weniger Einheiten sterben; leakyRelu statt relu oder die üblichen Anfangsgewichte lassen tote lernen.',
  'Training came to numbers that are not finite in step {1} of epoch {2}':
    'Das Training kam in Schritt {1} der Epoche {2} zu Zahlen, die nicht endlich sind',
  'After {1} the train loss is {2}, where guessing gives {3}':
    'Der Train-Loss ist {2}, wo Raten {3} ergibt (bis dahin {1})',
  'In epoch {1} the loss stood at {2} on average, where guessing gives {3}':
    'In Epoche {1} stand der Loss im Mittel bei {2}, wo Raten {3} ergibt',
  'The train loss rose by more than a quarter after {1} of {2} epochs':
    'Der Train-Loss stieg nach {1} von {2} Epochen um mehr als ein Viertel',
  'a step changes weights by up to {1} % of their size (usual: 0.1 to 1 %)':
    'ein Schritt ändert die Gewichte um bis zu {1} % ihrer Größe (üblich: 0,1 bis 1 %)',
  "layer '{1}', which worked before the first step, gives only zeros":
    'die Schicht „{1}“, die vor dem ersten Schritt arbeitete, gibt nur Nullen',
  'the loss stood at {1} in epoch {2}': 'der Loss stand in Epoche {2} bei {1}',
  '{1}{2}. The learning rate {3} is too high: steps overshoot.':
    '{1}{2}. Die Lernrate {3} ist zu hoch: Die Schritte schießen über das Ziel.',
  '; {1}': '; {1}',
  '{1}, and {2}': '{1}, und {2}',
  'A tenth of the learning rate: the loss should fall within the first epoch.':
    'Ein Zehntel der Lernrate: Der Loss sollte in der ersten Epoche fallen.',
  'A tenth of the learning rate should fall from the first epoch on; lr-find shows where rates become too high.':
    'Mit einem Zehntel der Lernrate sollte er von der ersten Epoche an fallen; lr-find zeigt, wo Raten zu hoch werden.',
  'In step {1} of epoch {2} numbers became infinite or undefined{3}: steps were so large that each made the loss worse. Nothing after the last checkpoint is kept.':
    'In Schritt {1} der Epoche {2} wurden Zahlen unendlich oder undefiniert{3}: Die Schritte waren so groß, dass jeder den Loss verschlechterte. Nach dem letzten Checkpoint ist nichts aufgehoben.',
  ", first in layer '{1}'": ', zuerst in der Schicht „{1}“',
  'The train loss was {1} after epoch {2} and is {3} now, worse than guessing ({4}): training runs away.':
    'Der Train-Loss war nach Epoche {2} {1} und ist jetzt {3}, schlechter als Raten ({4}): Das Training läuft davon.',
  'Shift each picture a little, anew in each epoch: train and val loss should come closer.':
    'Jedes Bild ein wenig verschieben, in jeder Epoche neu: Train- und Val-Loss sollten sich näherkommen.',
  'Stronger weight decay and label smoothing: train loss should stay higher and val loss come lower.':
    'Stärkerer Weight Decay und geglättete Labels: Der Train-Loss sollte höher bleiben und der Val-Loss tiefer kommen.',
  ' Val loss was lowest after epoch {1} ({2}) and is {3} now, while train loss went on to {4}.':
    ' Der Val-Loss war nach Epoche {1} am niedrigsten ({2}) und ist jetzt {3}, während der Train-Loss bis {4} weiterging.',
  ' Train loss is {1}, val loss {2}.': ' Der Train-Loss ist {1}, der Val-Loss {2}.',
  'Since epoch {1} the model learns its training pictures by heart: {2} of them are right, and {3} of the validation pictures, a gap of {4}.{5}':
    'Seit Epoche {1} lernt das Modell seine Trainingsbilder auswendig: {2} von ihnen sind richtig und {3} der Validierungsbilder, Abstand {4}.{5}',
  "Relative to its weights, the gradient of '{1}' is {2} and that of '{3}' {4}: {5} hardly learn. Activations are saturated, or the net is deep without batch norm or residual connections.":
    'Gemessen an den Gewichten ist der Gradient von „{1}“ {2} und der von „{3}“ {4}: Kaum etwas lernt hier: {5}. Aktivierungen sind gesättigt, oder das Netz ist tief, ohne Batch Norm oder Residual-Verbindungen.',
  'A higher rate for the first layers shows whether they can learn; relu instead of tanh or sigmoid, batch norm, or the usual initial weights mend the cause.':
    'Eine höhere Rate für die ersten Schichten zeigt, ob sie lernen können; relu statt tanh oder sigmoid, Batch Norm oder die üblichen Anfangsgewichte beheben die Ursache.',
  'After epoch {1} validation pictures have a lower loss ({2}) and more of them are right ({3}) than of training pictures seen in the same way ({4}, {5}). They are easier, of other classes, or copies: val tells less than it seems.':
    'Nach Epoche {1} haben Validierungsbilder einen niedrigeren Loss ({2}), und mehr von ihnen sind richtig ({3}) als von ebenso gesehenen Trainingsbildern ({4}, {5}). Sie sind leichter, von anderen Klassen oder Kopien: Val sagt weniger, als es scheint.',
  'Compare the parts: classes, sizes, copies.': 'Die Teile vergleichen: Klassen, Größen, Kopien.',

  // What may be wrong with data
  '{1} fewer than {2} training pictures: {3}{4}.': '{1} weniger als {2} Trainingsbilder: {3}{4}.',
  '1 class has': '1 Klasse hat',
  '{1} classes have': '{1} Klassen haben',
  'There are {1} training pictures of {2} and {3} of {4}.': 'Es gibt {1} Trainingsbilder von {2} und {3} von {4}.',
  ', or train with --class-weights balanced': ' oder trainieren Sie mit --class-weights balanced',
  'Add pictures of {1}{2}.': 'Nehmen Sie mehr Bilder auf von {1}{2}.',
  'these classes': 'diesen Klassen',
  'mean grey level': 'mittlere Helligkeit',
  'contrast (deviation of grey levels)': 'Kontrast (Abweichung der Grauwerte)',
  'shorter side in pixels': 'kürzere Seite in Pixeln',
  'share of grey pictures in %': 'Anteil grauer Bilder in %',
  'Pictures of {1} differ from those of train: {2}.': 'Bilder von {1} unterscheiden sich von denen von train: {2}.',
  'Split anew from one heap, unless the difference is what you want to test.':
    'Teilen Sie aus einem Haufen neu auf, wenn nicht gerade dieser Unterschied geprüft werden soll.',
  '{1} {2} in train and {3} there': '{1} {2} in train und {3} dort',
  '{1} labelled {2} and named like {3}.': '{1} mit dem Label {2}, aber benannt wie {3}.',
  '1 file is': '1 Datei',
  '{1} files are': '{1} Dateien',
  'they show {1}': 'sie zeigen {1}',
  'Look at them; files that are right need nothing.': 'Sehen Sie sie an; für Dateien, die stimmen, ist nichts zu tun.',
  '{1} cannot be read: {2}.': 'Nicht lesbar: {1} ({2}).',
  'Save the picture again, or leave it out for good.': 'Speichern Sie das Bild neu, oder lassen Sie es ganz weg.',
  '{1} left out: {2}.': '{1} weggelassen: {2}.',
  '1 entry was': '1 Eintrag wurde',
  '{1} entries were': '{1} Einträge wurden',
  'Nothing needs to be done if that is meant.': 'Ist das so gewollt, ist nichts zu tun.',
  '{1} of one colour or nearly so: the grey levels deviate by less than {2} of 255.':
    '{1} einfarbig oder fast: Die Grauwerte weichen um weniger als {2} von 255 ab.',
  'Leave out what shows nothing.': 'Lassen Sie weg, was nichts zeigt.',
  '{1} stored turned or mirrored, with an EXIF orientation that says so. Fovea stands them upright; many other programs do not.':
    '{1} gedreht oder gespiegelt gespeichert, mit einer EXIF-Angabe, die das sagt. Fovea stellt sie aufrecht; viele andere Programme tun das nicht.',
  'Nothing needs to be done where they stand upright on the page that --html writes.':
    'Wo sie auf der Seite, die --html schreibt, aufrecht stehen, ist nichts zu tun.',
  '1 picture is': '1 Bild ist',
  '{1} pictures are': '{1} Bilder sind',
  '1 picture': '1 Bild',
  '{1} pictures': '{1} Bilder',
  'much smaller than the others, whose shorter side is {1} in the median':
    'viel kleiner als die anderen, deren kürzere Seite im Median {1} ist',
  'much larger than the others, whose shorter side is {1} in the median':
    'viel größer als die anderen, deren kürzere Seite im Median {1} ist',
  'of a shape unlike the others, whose width is {1} times their height in the median':
    'anders geformt als die anderen, deren Breite im Median das {1}-Fache ihrer Höhe ist',
  'in grey': 'grau',
  'in colour': 'farbig',
  '{1} {2}, the other {3} {4}.{5}': '{1} {2}, die anderen {3} {4}.{5}',
  ' They gather in {1}, so colour alone tells the class.':
    ' Sie häufen sich in {1}; die Farbe allein verrät also die Klasse.',
  'Convert them to one kind where the difference means nothing, or leave them out.':
    'Wandeln Sie sie in eine Art um, wo der Unterschied nichts bedeutet, oder lassen Sie sie weg.',
  '{1} {2} (width x height {3}{4}).': '{1} {2} (Breite x Höhe {3}{4}).',
  'Look whether they belong to the set.': 'Sehen Sie nach, ob sie zum Datensatz gehören.',
  'have the same pixels': 'haben dieselben Pixel',
  'look the same': 'sehen gleich aus',
  ' They stand in {1}.': ' Sie stehen in {1}.',
  '{1} files {2} and are labelled {3}.{4}': '{1} Dateien {2} und haben die Labels {3}.{4}',
  'Look at the picture and keep the class that it shows.':
    'Sehen Sie das Bild an und behalten Sie die Klasse, die es zeigt.',
  '{1} files {2} and stand in {3}.': '{1} Dateien {2} und stehen in {3}.',
  'Keep the copy in {1}: what was trained on proves nothing there.':
    'Behalten Sie die Kopie in {1}: Womit trainiert wurde, das beweist dort nichts.',
  '{1} files {2}.': '{1} Dateien {2}.',
  'Keep one: copies count more than once in training and may part at a split.':
    'Behalten Sie eine: Kopien zählen im Training mehrfach und können beim Aufteilen auseinandergeraten.',
  'it shows {1}': 'es zeigt {1}',

  // What data were understood as
  'Skipped {1} of {2} pictures that cannot be read.': '{1} von {2} Bildern übergangen, die nicht lesbar sind.',
  'stretched to {1}, the aspect ratio is not kept': 'auf {1} gestreckt, ihr Seitenverhältnis bleibt nicht',
  'cropped around the centre to the aspect ratio of {1}': 'um die Mitte auf das Seitenverhältnis von {1} beschnitten',
  'brought to {1} whole, with black around them': 'im Ganzen auf {1} gebracht, mit Schwarz darum',
  'Pictures are {1}.': 'Bilder werden {1}.',
  'Pictures of another shape are {1}.': 'Bilder anderer Form werden {1}.',
  'Input size {1}x{2}: all pictures have it and it is small.':
    'Eingabegröße {1}x{2}: Alle Bilder haben sie, und sie ist klein.',
  'all pictures are {1}x{2}': 'Alle Bilder haben {1}x{2}',
  "the pictures' shorter side is {1} in the median": 'Die kürzere Seite der Bilder ist im Median {1}',
  '; {1} pictures of a larger size would make an epoch slow': '; {1} größere Bilder würden eine Epoche langsam machen',
  'Input size {1}x{2}: {3}{4}.': 'Eingabegröße {1}x{2}: {3}{4}.',
  '{1} of paths and labels: {2}, {3} lines that name pictures here.':
    '{1} von Pfaden und Labels: {2}, {3} Zeilen, die Bilder hier nennen.',
  'A list': 'Eine Liste',
  Lists: 'Listen',
  '{1} lines name a picture that is listed before, with the same label.':
    '{1} Zeilen nennen ein Bild, das schon vorher mit demselben Label steht.',
  'Left out {1} of {2} pictures that no list names.': '{1} von {2} Bildern weggelassen, die keine Liste nennt.',
  '{1} groups of pictures.': '{1} Gruppen von Bildern.',
  'Class names are the labels as they stand in the list.': 'Die Klassen heißen wie die Labels in der Liste.',
  'Class names from {1}{2}.': 'Namen der Klassen aus {1}{2}.',
  ', counted from 1': ', ab 1 gezählt',
  'Class numbers are named after the folders in which their pictures lie.':
    'Die Nummern der Klassen heißen nach den Ordnern, in denen ihre Bilder liegen.',
  'Class names are the numbers of the list: no file of class names (classes.txt) beside it.':
    'Die Klassen heißen nach den Nummern der Liste: Keine Datei mit Namen (classes.txt) liegt daneben.',
  'Class folders: {1} hold a folder of pictures for each class.':
    'Klassenordner: {1} enthalten für jede Klasse einen Ordner mit Bildern.',
  'Class folders: 1 folder holds pictures, named after its class.':
    'Klassenordner: 1 Ordner enthält Bilder und heißt nach seiner Klasse.',
  'Class folders: {1} folders hold pictures, each named after its class.':
    'Klassenordner: {1} Ordner enthalten Bilder; jeder heißt nach seiner Klasse.',
  'Left out the folder {1} beside {2}.': 'Den Ordner {1} neben {2} weggelassen.',
  'Left out {1} in {2} outside the class folders.': 'In {2} außerhalb der Klassenordner weggelassen: {1}.',
  'No train and test folders: all pictures are for training, unless a split sets some aside.':
    'Keine Ordner train und test: Alle Bilder sind zum Trainieren, wenn keine Aufteilung welche zur Seite legt.',
  'Left out {1} beside the {2}.': 'Neben den {2} weggelassen: {1}.',
  folders: 'Ordnern',
  'class folders': 'Klassenordnern',
  'Not needed: {1} beside the class folders.': 'Nicht gebraucht, neben den Klassenordnern: {1}.',
  'without an ending': 'ohne Endung',
  'Left out files that are no pictures: {1}.': 'Dateien weggelassen, die keine Bilder sind: {1}.',
  'Class names of {1}: {2} is {3}, and so on.': 'Namen der Klassen von {1}: {2} ist {3} und so weiter.',
  'Looked into {1}, the only folder there.': 'In {1} gesehen, den einzigen Ordner dort.',
  'Left out the folder {1}: it holds no pictures.': 'Den Ordner {1} weggelassen: Er enthält keine Bilder.',
  ' ({1} left out, such as {2}: {3})': ' ({1} weggelassen, etwa {2}: {3})',
  'No {1} pictures of {2}.': 'Keine Bilder für {1} von {2}.',
  '{1} and {2} count as two classes although they look alike.':
    '{1} und {2} zählen als zwei Klassen, obwohl sie sich gleichen.',
  'Classes are unequal: {1} has {2} pictures, {3} {4}. Accuracy alone misleads here.':
    'Die Klassen sind ungleich: {1} hat {2} Bilder, {3} {4}. Die Trefferquote allein täuscht hier.',
  'It could also be read otherwise. {1}': 'Es ließe sich auch anders lesen. {1}',
  'Left out {1} beside it.': 'Daneben weggelassen: {1}.',
  'an archive': 'ein Archiv',
  '{1} archives': '{1} Archive',
};
