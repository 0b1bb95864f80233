// Option paths as text: names joined with dots, names with dots in quotes, as in `programs.ssh.knownHosts."a.b".publicKey`.

/** The names of the path; undefined for what is no option path. */
export function parseOptionPath(text: string): readonly string[] | undefined {
  const names: string[] = [];
  const part = /"((?:[^"\\]|\\.)*)"|([A-Za-z_][\w'-]*)/y;
  for (let at = 0; ; at++) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) return undefined;
    names.push(match[2] ?? (match[1] ?? "").replace(/\\(.)/g, "$1"));
    at = part.lastIndex;
    if (at === text.length) return names;
    if (text[at] !== ".") return undefined;
  }
}
