// How far two words are apart, for "did you mean". Optimal string alignment distance (Damerau-Levenshtein in which a
// swapped pair is not edited again), bounded.

/** The number of insertions, deletions, replacements and neighbour swaps; `limit + 1` if there are more than `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return Math.min(above[b.length] ?? 0, limit + 1);
}

/**
 * The one candidate that is nearest to `word`; undefined if none is near enough (a third of the word, at most 3 edits)
 * or two are equally near. Case, `_` and `-` count for nothing: `trusted_public_keys`, `trustedPublicKeys` and
 * `trusted-public-keys` are the same word.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  const allowed = Math.min(3, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let distance = allowed + 1;
  let tied = false;
  for (const candidate of candidates) {
    if (candidate === best) continue;
    const d = editDistance(wanted, plain(candidate), allowed);
    if (d > allowed || d > distance) continue;
    tied = d === distance;
    best = candidate;
    distance = d;
  }
  return tied ? undefined : best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, "");
}
