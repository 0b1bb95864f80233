// What the file system refuses, in words: a full disk or a folder that takes no files is no bug of ours.

import { t } from "./l10n";

/** "<path>: <cause>" for an error of the file system; undefined for every other value. Source: Node's `SystemError`. */
export function fileErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return undefined;
  const { code, path } = error;
  if (typeof code !== "string" || typeof path !== "string" || !("syscall" in error)) return undefined;
  // a program that could not be started is told by who starts it
  if (String(error.syscall).startsWith("spawn")) return undefined;
  return `${path}: ${cause(code)}`;
}

function cause(code: string): string {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return t("permission denied");
    case "ENOENT":
      return t("no such file or folder");
    case "ENOTDIR":
      return t("a part of the path is no folder");
    case "EISDIR":
      return t("a folder, not a file");
    case "EROFS":
      return t("the file system is read-only");
    case "ENOSPC":
    case "EDQUOT":
      return t("no space left");
    case "ENAMETOOLONG":
      return t("the name is too long");
    default:
      return code;
  }
}
