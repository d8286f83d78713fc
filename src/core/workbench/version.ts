/** The version of the formats' writer, for the record. */
export const foveaVersion = '0.1.0';
