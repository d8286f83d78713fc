/** What was computed last, by what it was computed of: the least recently used goes first. Failures are not kept. */
export class Recent<T> {
  private readonly entries: { readonly of: readonly unknown[]; readonly value: Promise<T> }[] = [];

  /** @param most how many are kept. */
  constructor(private readonly most: number) {}

  get(of: readonly unknown[], compute: () => Promise<T>): Promise<T> {
    const at = this.entries.findIndex((entry) => entry.of.every((part, i) => part === of[i]));
    if (at >= 0) {
      const [known] = this.entries.splice(at, 1);
      this.entries.unshift(known);
      return known.value;
    }
    const value = compute();
    const entry = { of, value };
    this.entries.unshift(entry);
    this.entries.splice(this.most);
    value.catch(() => {
      const place = this.entries.indexOf(entry);
      if (place >= 0) this.entries.splice(place, 1);
    });
    return value;
  }
}
