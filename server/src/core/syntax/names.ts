// The names in texts, one string for each however often it stands there: a workspace repeats a few hundred names in
// every file, and its trees are kept.

/** Enough for the names of many workspaces; then it begins anew rather than to keep what nobody uses any more. */
const MOST = 50_000;

export class Names {
  private readonly known = new Map<string, string>();

  /** The name as it was first seen. */
  of(name: string): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(name, name);
    return name;
  }
}
