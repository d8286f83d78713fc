/** A name with its options, to be read: `muon (momentum 0.6, nesterov true)`. */
export const spokenText = ({
  type,
  ...options
}: {
  readonly type: string;
  readonly [option: string]: unknown;
}): string => {
  const told = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  return told.length > 0 ? `${type} (${told.join(', ')})` : type;
};

/** A setting to be read: `cosine (warmupSteps 14)`, `flip true, crop 6`. */
export function settingText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(settingText).join(', ');
  if ('type' in value && typeof value.type === 'string') return spokenText({ ...value, type: value.type });
  return Object.entries(value)
    .map(([name, own]) => `${name} ${settingText(own)}`)
    .join(', ');
}
