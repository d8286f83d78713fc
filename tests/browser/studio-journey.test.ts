import { describeJourney } from './studio-journey.ts';

// In the page itself it takes longer: tests/acceptance/studio-journey.acceptance.ts.
describeJourney(['behind a server']);
