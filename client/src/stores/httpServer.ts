// The servers that hand out a host's store over HTTP, as options of NixOS: what they sign with, and the door to them.

import type { EditOperation } from "../../../server/src/protocol";

export type HttpService = "nix-serve" | "harmonia";

/** Reads the name of one; undefined for anything else. */
export function readHttpService(text: string | undefined): HttpService | undefined {
  return text === "nix-serve" || text === "harmonia" ? text : undefined;
}

/** A server for HTTP and the secret key file that it signs with. */
export interface ServedKey {
  readonly service: HttpService;
  readonly file: string;
}

/** Where both listen unless they are told otherwise. */
export const HTTP_PORT = 5000;

/** Signs everything that is handed out, whenever it was built. */
export function signWhatIsServed(service: HttpService, host: string, keyFile: string): EditOperation {
  const target = { hosts: [host] };
  return service === "nix-serve"
    ? { kind: "set", target, option: "services.nix-serve.secretKeyFile", value: keyFile }
    : { kind: "addToList", target, option: "services.harmonia.cache.signKeyPaths", items: [keyFile] };
}

/** Takes a key away from a server that may have several; nix-serve has only one, which another replaces. */
export function signNoMoreWith({ service, file }: ServedKey, host: string): readonly EditOperation[] {
  if (service === "nix-serve") return [];
  const option = "services.harmonia.cache.signKeyPaths";
  return [{ kind: "removeFromList", target: { hosts: [host] }, option, items: [file] }];
}

/** Lets others reach the port; harmonia's module has no option of its own for that. */
export function openPort(service: HttpService, host: string): EditOperation {
  const target = { hosts: [host] };
  return service === "nix-serve"
    ? { kind: "set", target, option: "services.nix-serve.openFirewall", value: true }
    : { kind: "addToList", target, option: "networking.firewall.allowedTCPPorts", items: [HTTP_PORT] };
}
