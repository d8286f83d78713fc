/** A stretch of a session: a lesson, by its id, or what is done together. */
export type Phase =
  | {
      readonly kind: 'lesson';
      readonly lesson: string;
      /** The id of the experiment that is left out, or shown once at the front, where time runs short. */
      readonly spare: string;
    }
  | {
      readonly kind: 'together';
      readonly minutes: number;
      readonly what: string;
      /** What is likely to be said, and what should have been said at the end. */
      readonly expect: string;
    };

export interface Session {
  readonly title: string;
  /** What has to lie ready besides the worksheets of its lessons. */
  readonly materials: string;
  readonly phases: readonly Phase[];
  /** The id of a lesson to be read at home, and what to bring along. */
  readonly homework?: { readonly lesson: string; readonly bring: string };
}

/** How long a session lasts. */
export const sessionMinutes = 90;

const lesson = (id: string, spare: string): Phase => ({ kind: 'lesson', lesson: id, spare });
const together = (minutes: number, what: string, expect: string): Phase => ({
  kind: 'together',
  minutes,
  what,
  expect,
});

/** THE PLAN: five sessions of 90 minutes. Two lessons of the fourteen are homework, so that no session is hurried. */
export const sessions: readonly Session[] = [
  {
    title: 'A picture is numbers, a network is weights',
    materials: 'an empty sheet for everybody; a pocket calculator for each pair',
    phases: [
      together(
        5,
        'Everybody writes down what a computer needs in order to tell a 4 from a 9. Keep the sheets for the last session.',
        'Most write about strokes and closed loops; few about examples with answers. Correct nothing today.',
      ),
      lesson('pictures', 'deal'),
      lesson('baseline', 'count'),
      lesson('convolution', 'learned'),
      together(
        10,
        'Compare the hashes of the trainings aloud: all are equal. Ask why, and what it is good for.',
        'All chance follows from the seed, and the arithmetic is the same on every machine. So anybody can check a result of anybody else, and you see whose controls were moved.',
      ),
    ],
  },
  {
    title: 'One kernel for all places, many layers',
    materials: 'a grid of 6 x 6 numbers on the board; a paper window of 3 x 3; squared paper to take home',
    phases: [
      together(
        5,
        'One learner slides a paper window over a grid on the board; another says the sums.',
        'Nine products each. Ask before the first sum how many there will be: 4 x 4 places, as lesson 3 works out.',
      ),
      lesson('shared-weights', 'compare'),
      lesson('hierarchy', 'hierarchy'),
      lesson('building', 'mend'),
      together(
        5,
        'Read the shapes of a network aloud, layer by layer, and count the parameters of one.',
        'For the network with which Count before you train begins: 28 x 28 x 1, then 24 x 24 x 8, 12 x 12 x 8, a row of 1,152, then 10. The convolution has 208 parameters.',
      ),
    ],
    homework: {
      lesson: 'receptive-fields',
      bring: 'the receptive field of two layers of 3 x 3, drawn on squared paper',
    },
  },
  {
    title: 'Training, and the two losses',
    materials: 'a pocket calculator with ln for each pair',
    phases: [
      together(
        10,
        'Lay the drawn receptive fields side by side. Where do they differ, and who is right?',
        '5 x 5 pixels is right. Whoever drew 6 x 6 put two windows beside each other; whoever drew 3 x 3 forgot the first layer.',
      ),
      lesson('training', 'finder'),
      lesson('validation-loss', 'stop-early'),
      together(
        10,
        'Draw three curves on the board, one healthy; the group names each and says what to do next.',
        'Both fall and stay close: healthy. Val loss rises while train loss falls: overfitting; more pictures, shifts, or stop. Both stay high: underfitting; a larger network, or another learning rate.',
      ),
    ],
  },
  {
    title: 'Learning by heart, and testing honestly',
    materials: 'nothing',
    phases: [
      together(
        10,
        'Each group says which knob it would turn first, and writes down how much it will help, before anybody runs it.',
        'Many bet on weight decay or dropout. In lesson 10 shifts help most by far, and weight decay hardly at all: on these pictures. Ask what would be different with photos.',
      ),
      lesson('overfitting', 'complexity'),
      lesson('testing', 'luck'),
      together(
        15,
        'Debate: network A has 93.2 %, network B 92.8 %, on 500 pictures. Which do you sell, and what do you tell the buyer?',
        '466 and 464 right answers, each with an interval of about 2 points to each side: nobody can say which is better. Compare picture by picture, or test on more. The buyer is told the interval, the kind of pictures, and how often they were looked at.',
      ),
    ],
  },
  {
    title: 'Seeing why, and the fault lab',
    materials: 'the sheets of the first session',
    phases: [
      together(
        5,
        'Give back the sheets of the first session. What would you write now?',
        'Look for: examples with labels, numbers instead of pictures, weights that are learnt, pictures that were held back.',
      ),
      lesson('seeing', 'robustness'),
      lesson('faults', 'round'),
      together(
        15,
        'Compare the scores of the fault lab. Which patients could no curve give away, and what follows for one’s own projects?',
        'C: every figure of its training is good; only use shows it. E looks better than it is. So collect labelled pictures from where the network will work, and keep them away from training.',
      ),
    ],
    homework: {
      lesson: 'further',
      bring: 'a question of one’s own that a network could answer, and where its pictures would come from',
    },
  },
];
