// Which modules are of Home Manager, whose `nix.settings` is one user's nix.conf: every name takes a text or a list there, nothing
// is defined beforehand, and the daemon takes less of it.

import type { Span } from "../text/span";
import type { FileContext } from "./rule";

type Texts = Pick<FileContext, "textOf">;

const PERHAPS =
  /\bhome\s*(\.|=\s*\{)|\bxdg\.|\bhome-manager(\.users\b|\s*=\s*\{)|\bprograms\.home-manager\b|\bhomeConfigurations\b/;

/** Whether a definition may stand in one. */
export function mayBeHomeManager({ textOf }: Texts, { path }: Span): boolean {
  return path.includes("/home-manager") || PERHAPS.test(textOf(path) ?? "");
}

const ITS_OWN =
  /\bhome(?:\.|\s*=\s*\{\s*)(?:username|homeDirectory|stateVersion|packages|file|sessionVariables)\b|\bprograms\.home-manager\.enable\b/;
const OF_SYSTEMS =
  /(?<!programs\.)\bhome-manager(?:\.(?:users|lib|nixosModules|darwinModules)\b|\s*=\s*\{)|(?<![-\w])(?:networking|boot|fileSystems|environment|hardware|security|system|users)\s*[.=]|\bnix(?:os|-darwin)\b/;

/** Whether a definition certainly stands in one: the file has options that only Home Manager has, none of a system. */
export function isHomeManager({ textOf }: Texts, { path }: Span): boolean {
  const text = textOf(path) ?? "";
  return ITS_OWN.test(text) && !OF_SYSTEMS.test(text);
}
