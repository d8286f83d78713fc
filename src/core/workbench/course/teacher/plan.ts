/** A stretch of a session: a lesson, by its id, or what is done together. */
export type Phase =
  | { readonly kind: 'lesson'; readonly lesson: string }
  | { readonly kind: 'together'; readonly minutes: number; readonly what: string };

export interface Session {
  readonly title: string;
  readonly phases: readonly Phase[];
  /** The id of a lesson to be read at home, and what to bring along. */
  readonly homework?: { readonly lesson: string; readonly bring: string };
}

/** How long a session lasts. */
export const sessionMinutes = 90;

const lesson = (id: string): Phase => ({ kind: 'lesson', lesson: id });
const together = (minutes: number, what: string): Phase => ({ kind: 'together', minutes, what });

/** THE PLAN: five sessions of 90 minutes. Two lessons of the fourteen are homework, so that no session is hurried. */
export const sessions: readonly Session[] = [
  {
    title: 'A picture is numbers, a network is weights',
    phases: [
      together(
        5,
        'Everybody writes down what a computer needs in order to tell a 4 from a 9. Keep the sheets for the last session.',
      ),
      lesson('pictures'),
      lesson('baseline'),
      lesson('convolution'),
      together(10, 'Compare the hashes of the trainings aloud: all are equal. Ask why, and what it is good for.'),
    ],
  },
  {
    title: 'One kernel for all places, many layers',
    phases: [
      together(5, 'One learner slides a paper window over a grid on the board; another says the sums.'),
      lesson('shared-weights'),
      lesson('hierarchy'),
      lesson('building'),
      together(5, 'Read the shapes of a network aloud, layer by layer, and count the parameters of one.'),
    ],
    homework: {
      lesson: 'receptive-fields',
      bring: 'the receptive field of two layers of 3 x 3, drawn on squared paper',
    },
  },
  {
    title: 'Training, and the two losses',
    phases: [
      together(10, 'Lay the drawn receptive fields side by side. Where do they differ, and who is right?'),
      lesson('training'),
      lesson('validation-loss'),
      together(10, 'Draw three curves on the board, one healthy; the group names each and says what to do next.'),
    ],
  },
  {
    title: 'Learning by heart, and testing honestly',
    phases: [
      together(
        10,
        'Each group says which knob it would turn first, and writes down how much it will help, before anybody runs it.',
      ),
      lesson('overfitting'),
      lesson('testing'),
      together(
        15,
        'Debate: network A has 93.2 %, network B 92.8 %, on 500 pictures. Which do you sell, and what do you tell the buyer?',
      ),
    ],
  },
  {
    title: 'Seeing why, and the fault lab',
    phases: [
      together(5, 'Give back the sheets of the first session. What would you write now?'),
      lesson('seeing'),
      lesson('faults'),
      together(
        15,
        'Compare the scores of the fault lab. Which patients could no curve give away, and what follows for one’s own projects?',
      ),
    ],
    homework: {
      lesson: 'further',
      bring: 'a question of one’s own that a network could answer, and where its pictures would come from',
    },
  },
];
