/**
 * The candidate a person most likely meant, for "did you mean" mends: least edit distance (Levenshtein, case and
 * punctuation ignored), and near enough to be a slip; undefined otherwise.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(plain(word), plain(candidate));
    const limit = Math.max(2, Math.floor(Math.max(word.length, candidate.length) * 0.4));
    if (distance < bestDistance && distance <= limit) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean 'conv2d'?`, or the list of what there is. */
export function suggest(word: string, candidates: readonly string[]): string {
  const match = nearest(word, candidates);
  if (match !== undefined) return `Did you mean '${match}'?`;
  return candidates.length > 0 ? `There are: ${candidates.join(', ')}` : 'There are none';
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, change);
    }
    previous = current;
  }
  return previous[b.length];
}
