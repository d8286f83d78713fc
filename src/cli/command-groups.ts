/** One heading of `fovea --help`. */
export interface CommandGroup {
  readonly title: string;
}

/** THE LIST of groups, in the order of the craft: data → model → training → testing → classifying, then what is beside it. */
export const commandGroups = {
  beginning: { title: 'To begin with' },
  data: { title: 'Data' },
  model: { title: 'Model' },
  training: { title: 'Training' },
  testing: { title: 'Testing' },
  classifying: { title: 'Classifying' },
  sharing: { title: 'Sharing' },
  measuring: { title: 'This machine' },
} as const satisfies Readonly<Record<string, CommandGroup>>;

export type CommandGroupName = keyof typeof commandGroups;

export const groupNames = Object.keys(commandGroups) as readonly CommandGroupName[];
