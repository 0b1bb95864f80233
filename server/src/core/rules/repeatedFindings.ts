// One thing said twice: a value that is read off the page and found again by evaluation, which may know less of the place
// (the wrapper around it too) or more of the conditions (that they hold).

import type { Finding } from "./rule";

/** So many findings before one are looked at: what is nested in each other stands close together. */
const NEAR = 40;

/** The findings without those that another of them says better. Invariant: they are of one file and sorted by place. */
export function withoutRepetitions(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings) {
    const from = Math.max(0, kept.length - NEAR);
    const near = kept.slice(from).findIndex(each => each.code === finding.code && isSaidAgain(each, finding));
    const other = kept[from + near];
    if (near < 0 || other === undefined) kept.push(finding);
    else kept[from + near] = better(other, finding);
  }
  return kept;
}

/** One place lies in the other, and the messages differ at most in the conditions. */
function isSaidAgain(a: Finding, b: Finding): boolean {
  const nested =
    (a.span.start <= b.span.start && b.span.end <= a.span.end) ||
    (b.span.start <= a.span.start && a.span.end <= b.span.end);
  return (
    nested && (a.message === b.message || isSurer(a.message, b.message) || isSurer(b.message, a.message))
  );
}

/** Whether `sure` is `message` without its ` (where …)`. */
function isSurer(sure: string, message: string): boolean {
  const at = message.indexOf(" (where ");
  if (at < 0 || sure.length >= message.length || !sure.startsWith(message.slice(0, at))) return false;
  const rest = sure.slice(at);
  return message.endsWith(rest) && message.charAt(message.length - rest.length - 1) === ")";
}

/** The narrower place, the surer message, and a fix if there is one. */
function better(a: Finding, b: Finding): Finding {
  const narrow = a.span.end - a.span.start <= b.span.end - b.span.start ? a : b;
  const sure = a.message.length <= b.message.length ? a : b;
  const fixed = narrow.fixes.length > 0 ? narrow : narrow === a ? b : a;
  const related = narrow.related.length > 0 ? narrow.related : sure.related;
  return { ...narrow, message: sure.message, fixes: fixed.fixes, related };
}
