// Path arithmetic on absolute paths with forward slashes, without looking at any file.

/** What paths begin with that no file system has: our own text of nixpkgs' lib, files of inputs that are not here. */
export const MADE_UP = "/\uFFFC";

/** Resolves `.`, `..` and repeated slashes; the result is absolute and has no trailing slash. */
export function canonicalPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  return `/${names.join("/")}`;
}

/** The directory of a file. */
export function directoryOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

/** `relative` seen from the directory `base`; an absolute one is itself. */
export function resolvePath(base: string, relative: string): string {
  return canonicalPath(relative.startsWith("/") ? relative : `${base}/${relative}`);
}
