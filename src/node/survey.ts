import { survey as surveyBy } from '../core/workbench/pictures/survey.ts';
import { nodeCodec } from './codec.ts';

export type { SurveyOptions } from '../core/workbench/pictures/survey.ts';

/** As the core's, with this machine's codec. */
export const survey = surveyBy.bind(undefined, nodeCodec);
