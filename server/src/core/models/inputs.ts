// Which flake an input is: read from its URL, or from flake.lock where the URL does not say it, never from its local
// name.

/** What an input refers to. */
export type InputReference =
  /** A repository of a forge, `owner/name` in lower case. */
  | { readonly kind: "repository"; readonly repository: string }
  /** A directory of the workspace, absolute. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "other"; readonly url: string };

/** The shorthands of the global flake registry that configurations use. */
const REGISTRY: Readonly<Record<string, string>> = {
  nixpkgs: "nixos/nixpkgs",
  "home-manager": "nix-community/home-manager",
  "flake-utils": "numtide/flake-utils",
  "flake-parts": "hercules-ci/flake-parts",
  "nix-darwin": "nix-darwin/nix-darwin",
  disko: "nix-community/disko",
  "sops-nix": "mic92/sops-nix",
  agenix: "ryantm/agenix",
  "nixos-hardware": "nixos/nixos-hardware",
  "nixos-anywhere": "nix-community/nixos-anywhere",
  nur: "nix-community/nur",
  systems: "nix-systems/default",
};

/** A flake reference as people write it; `base` is the directory of the flake that has the input. */
export function readReference(url: string, base: string): InputReference {
  const bare = url.replace(/[?#].*$/, "");
  const forge = /^(?:github|gitlab|sourcehut):~?([^/]+)\/([^/]+)/.exec(bare);
  if (forge !== null) return repository(forge[1], forge[2]);
  const git =
    /^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^/@]+@)?(?:[^/]*\.)?(?:github|gitlab|codeberg)[^/]*\/([^/]+)\/([^/]+)/.exec(
      bare,
    );
  if (git !== null) return repository(git[1], git[2]);
  const hub = /^https:\/\/(?:api\.)?flakehub\.com\/f\/(?:pinned\/)?([^/]+)\/([^/]+)/.exec(bare);
  if (hub !== null) return repository(hub[1], hub[2]);
  if (/^(?:tarball\+)?https:\/\/(?:channels\.nixos\.org|nixos\.org\/channels)\//.test(bare)) {
    return { kind: "repository", repository: REGISTRY["nixpkgs"] ?? "" };
  }
  const local =
    /^(?:path:|git\+file:(?:\/\/)?)(.*)$/.exec(bare)?.[1] ??
    (/^\.{0,2}\//.test(bare) || bare === "." || bare === ".." ? bare : undefined);
  if (local !== undefined) return { kind: "path", path: joinPath(base, local) };
  const id = /^(?:flake:)?([A-Za-z][\w-]*)(?:\/.*)?$/.exec(bare)?.[1];
  return id === undefined ? { kind: "other", url } : registryReference(id, url);
}

/** What the global registry says of a name. */
export function registryReference(id: string, url = id): InputReference {
  const found = REGISTRY[id];
  return found === undefined ? { kind: "other", url } : { kind: "repository", repository: found };
}

function repository(owner: string | undefined, name: string | undefined): InputReference {
  const bare = (name ?? "").replace(/\.git$/, "").replace(/\.tar\.gz$/, "");
  return { kind: "repository", repository: `${owner ?? ""}/${bare}`.toLowerCase() };
}

function joinPath(base: string, local: string): string {
  const parts: string[] = [];
  for (const part of `${local.startsWith("/") ? "" : `${base}/`}${local}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The inputs that a flake.lock knows for the flake beside it, by name. */
export function readLock(text: string, base: string): ReadonlyMap<string, InputReference> {
  const found = new Map<string, InputReference>();
  const lock = parseJson(text);
  const nodes = lock?.["nodes"];
  const rootName = lock?.["root"];
  if (!isRecord(nodes) || typeof rootName !== "string") return found;
  const inputs = at(nodes, rootName, "inputs");
  if (!isRecord(inputs)) return found;
  for (const name of Object.keys(inputs)) {
    const node = resolveNode(nodes, rootName, inputs[name], 0);
    const reference = node === undefined ? undefined : lockedReference(nodes, node, base);
    if (reference !== undefined) found.set(name, reference);
  }
  return found;
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function at(nodes: Json, node: string, field: string): unknown {
  const value = nodes[node];
  return isRecord(value) ? value[field] : undefined;
}

/** A node's name, or a path of input names from the root (`follows`). */
function resolveNode(nodes: Json, root: string, target: unknown, depth: number): string | undefined {
  if (typeof target === "string") return target;
  if (!Array.isArray(target) || depth > 20) return undefined;
  let node: string | undefined = root;
  for (const name of target) {
    const inputs: unknown = node === undefined ? undefined : at(nodes, node, "inputs");
    if (typeof name !== "string" || !isRecord(inputs)) return undefined;
    node = resolveNode(nodes, root, inputs[name], depth + 1);
  }
  return node;
}

function lockedReference(nodes: Json, node: string, base: string): InputReference | undefined {
  for (const field of ["locked", "original"]) {
    const source = at(nodes, node, field);
    if (!isRecord(source)) continue;
    const { owner, repo, url, id, path, type } = source;
    if (typeof owner === "string" && typeof repo === "string") return repository(owner, repo);
    if (type === "path" && typeof path === "string") return { kind: "path", path: joinPath(base, path) };
    if (typeof url === "string") {
      const reference = readReference(url, base);
      if (reference.kind !== "other") return reference;
    }
    if (typeof id === "string") return registryReference(id);
  }
  return undefined;
}
