// The servers that hand out a host's store over HTTP, as options of NixOS: where they listen, what they sign with, and the
// door to them.

import type { EditOperation, EditValue, HostSnapshot } from "../../../server/src/protocol";

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

export interface HttpServer {
  readonly service: HttpService;
  readonly port: number;
  /** harmonia's options stand in `services.harmonia`, as before nixpkgs had `services.harmonia.cache`. */
  readonly flat: boolean;
}

/** Where both listen unless they are told otherwise. */
export const HTTP_PORT = 5000;

/** A server on a host as its configuration has it, or as it would be there by itself. */
export function httpServerOf(host: HostSnapshot | undefined, service: HttpService): HttpServer {
  const said = host?.httpServer?.service === service ? host.httpServer : undefined;
  return { service, port: said?.port ?? HTTP_PORT, flat: said?.flat ?? false };
}

export function enableServer(server: HttpServer, host: string): EditOperation {
  return set(host, `${optionsOf(server)}.enable`, true);
}

/** Lets it listen at its port, unless it does so already. */
export function listenAtPort(server: HttpServer, host: string, today: HttpServer): readonly EditOperation[] {
  if (server.port === today.port) return [];
  return server.service === "nix-serve"
    ? [set(host, "services.nix-serve.port", server.port)]
    : [set(host, `${optionsOf(server)}.settings.bind`, `[::]:${server.port}`)];
}

/** Signs everything that is handed out, whenever it was built. */
export function signWhatIsServed(server: HttpServer, host: string, keyFile: string): EditOperation {
  const options = optionsOf(server);
  return server.service === "nix-serve"
    ? set(host, `${options}.secretKeyFile`, keyFile)
    : { kind: "addToList", target: { hosts: [host] }, option: `${options}.signKeyPaths`, items: [keyFile] };
}

/** Takes a key away from a server that may have several; nix-serve has only one, which another replaces. */
export function signNoMoreWith(server: HttpServer, host: string, keyFile: string): readonly EditOperation[] {
  if (server.service === "nix-serve") return [];
  const option = `${optionsOf(server)}.signKeyPaths`;
  return [{ kind: "removeFromList", target: { hosts: [host] }, option, items: [keyFile] }];
}

/** Lets others reach the port; harmonia's module has no option of its own for that. */
export function openPort({ service, port }: HttpServer, host: string): EditOperation {
  const option = "networking.firewall.allowedTCPPorts";
  return service === "nix-serve"
    ? set(host, "services.nix-serve.openFirewall", true)
    : { kind: "addToList", target: { hosts: [host] }, option, items: [port] };
}

function optionsOf({ service, flat }: HttpServer): string {
  if (service === "nix-serve") return "services.nix-serve";
  return flat ? "services.harmonia" : "services.harmonia.cache";
}

function set(host: string, option: string, value: EditValue): EditOperation {
  return { kind: "set", target: { hosts: [host] }, option, value };
}
