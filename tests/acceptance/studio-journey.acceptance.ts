import { describeJourney } from '../browser/studio-journey.ts';

// The whole story on both hosts; `npm test` plays it behind a server.
describeJourney(['behind a server', 'in the page itself']);
describeJourney(['behind a server', 'in the page itself'], 'all');
