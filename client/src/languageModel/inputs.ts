// What a model hands to a tool, read as what the tool takes. Models make mistakes: wrong types count as absent.

export function listInput(input: unknown): { readonly tag: string | undefined } {
  return { tag: textOf(input, "tag") };
}

export function hostInput(input: unknown): { readonly host: string } {
  return { host: textOf(input, "host") ?? "" };
}

export function findingInput(input: unknown): {
  readonly path: string | undefined;
  readonly code: string | undefined;
} {
  return { path: textOf(input, "path"), code: textOf(input, "code") };
}

export function planInput(input: unknown): { readonly action: string; readonly hosts: readonly string[] } {
  const hosts = field(input, "hosts");
  return {
    action: textOf(input, "action") ?? "deploy",
    hosts: Array.isArray(hosts) ? hosts.filter(host => typeof host === "string") : [],
  };
}

function textOf(input: unknown, name: string): string | undefined {
  const value = field(input, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function field(input: unknown, name: string): unknown {
  return typeof input === "object" && input !== null && Object.hasOwn(input, name)
    ? Object.getOwnPropertyDescriptor(input, name)?.value
    : undefined;
}
