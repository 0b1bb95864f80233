// A GitHub Actions workflow that builds every host, pushes what was built to a cache and deploys from the main branch.
// Pure text. Secrets are named, never held; names of hosts reach a shell only as variables.

import { findAction } from "../../../server/src/core/knowledge/actions";

export interface WorkflowOptions {
  readonly hosts: readonly WorkflowHost[];
  readonly cache: WorkflowCache;
  readonly deploy: WorkflowDeploy;
  /** The branch that is deployed. */
  readonly branch: string;
}

export interface WorkflowHost {
  readonly name: string;
  /** The flake reference of its system, `.#nixosConfigurations.web.config.system.build.toplevel`. */
  readonly system: string;
  /** The attribute for `nixos-rebuild --flake .#…`. */
  readonly configuration: string;
  /** `user@host` for tools that are told where to go. */
  readonly destination: string | undefined;
  /** What GitHub calls a runner of the host's system. */
  readonly runner: string;
}

export type WorkflowCache =
  | { readonly kind: "none" }
  | { readonly kind: "cachix"; readonly name: string }
  | { readonly kind: "attic"; readonly endpoint: string; readonly name: string }
  | { readonly kind: "flakehub" }
  /** A store URL that `nix copy` writes to. */
  | { readonly kind: "store"; readonly url: string };

export const WORKFLOW_DEPLOYS = ["none", "deploy-rs", "colmena", "nixos-rebuild", "cachix-deploy"] as const;
export type WorkflowDeploy = (typeof WORKFLOW_DEPLOYS)[number];

/** Names of the secrets and variables that the workflow asks the repository for. */
export function neededSecrets({ cache, deploy }: WorkflowOptions): readonly string[] {
  const byCache = {
    none: [],
    flakehub: [],
    cachix: ["CACHIX_AUTH_TOKEN"],
    attic: ["ATTIC_TOKEN"],
    store: ["CACHE_SECRET_KEY"],
  };
  const byDeploy =
    deploy === "none" ? [] : deploy === "cachix-deploy" ? ["CACHIX_ACTIVATE_TOKEN"] : ["DEPLOY_SSH_KEY"];
  return [...byCache[cache.kind], ...byDeploy];
}

/** The file's text. */
export function workflowText(options: WorkflowOptions): string {
  const lines = [
    "# Builds every host, keeps what was built in a cache, deploys what is on the main branch.",
    ...neededSecrets(options).map(name => `# Needs the secret ${name}.`),
    ...(usesSsh(options.deploy)
      ? ["# Needs the variable DEPLOY_KNOWN_HOSTS: the hosts' lines of known_hosts."]
      : []),
    "name: NixOS",
    "on:",
    "  push:",
    "  pull_request:",
    "permissions:",
    "  contents: read",
    ...(options.cache.kind === "flakehub" ? ["  id-token: write"] : []),
    "jobs:",
    ...buildJob(options),
    ...(options.deploy === "none" ? [] : deployJob(options)),
  ];
  return `${lines.join("\n")}\n`;
}

function buildJob(options: WorkflowOptions): readonly string[] {
  return [
    "  build:",
    "    strategy:",
    "      fail-fast: false",
    "      matrix:",
    "        include:",
    ...options.hosts.flatMap(host => [
      `          - host: ${quoted(host.name)}`,
      `            system: ${quoted(host.system)}`,
      `            runner: ${quoted(host.runner)}`,
    ]),
    `    name: ${expression("matrix.host")}`,
    `    runs-on: ${expression("matrix.runner")}`,
    "    steps:",
    ...setUp(options.cache, { pushes: true }),
    ...step("Build", { SYSTEM: expression("matrix.system") }, [
      'nix build "$SYSTEM" --print-build-logs --out-link result',
    ]),
    ...pushSteps(options.cache),
  ];
}

function deployJob(options: WorkflowOptions): readonly string[] {
  const [first] = options.hosts;
  return [
    "  deploy:",
    "    needs: build",
    `    if: github.event_name == 'push' && github.ref == ${singleQuoted(`refs/heads/${options.branch}`)}`,
    `    runs-on: ${quoted(first?.runner ?? "ubuntu-latest")}`,
    "    # one deployment after the other, and none cut off",
    "    concurrency:",
    "      group: deploy",
    "      cancel-in-progress: false",
    "    environment: production",
    "    steps:",
    ...setUp(options.cache, { pushes: options.deploy === "cachix-deploy" }),
    ...(usesSsh(options.deploy) ? sshSteps() : []),
    ...DEPLOY_STEPS[options.deploy](options),
  ];
}

function usesSsh(deploy: WorkflowDeploy): boolean {
  return deploy !== "none" && deploy !== "cachix-deploy";
}

function setUp(cache: WorkflowCache, { pushes }: { readonly pushes: boolean }): readonly string[] {
  const installer =
    cache.kind === "flakehub" ? "DeterminateSystems/determinate-nix-action" : "cachix/install-nix-action";
  const lines = ["      - uses: actions/checkout@v6", `      - uses: ${pinned(installer)}`];
  if (cache.kind === "flakehub")
    lines.push(`      - uses: ${pinned("DeterminateSystems/flakehub-cache-action")}`);
  if (cache.kind === "cachix") {
    lines.push(
      `      - uses: ${pinned("cachix/cachix-action")}`,
      "        with:",
      `          name: ${quoted(cache.name)}`,
      `          authToken: ${expression("secrets.CACHIX_AUTH_TOKEN")}`,
      // pull requests from forks have no secrets
      `          skipPush: ${pushes ? expression("github.event_name == 'pull_request'") : "true"}`,
    );
  }
  return lines;
}

/** cachix-action and FlakeHub push by themselves. */
function pushSteps(cache: WorkflowCache): readonly string[] {
  if (cache.kind === "attic")
    return step(
      "Push",
      { ATTIC_TOKEN: expression("secrets.ATTIC_TOKEN"), ENDPOINT: cache.endpoint, CACHE: `ci:${cache.name}` },
      [
        // `attic login` would take the token as an argument
        "install -d -m 700 ~/.config/attic",
        "umask 077",
        `printf '[servers.ci]\\nendpoint = "%s"\\ntoken = "%s"\\n' "$ENDPOINT" "$ATTIC_TOKEN" > ~/.config/attic/config.toml`,
        'nix run --inputs-from . nixpkgs#attic-client -- push "$CACHE" ./result',
      ],
      ONLY_PUSHES,
    );
  if (cache.kind === "store")
    return step(
      "Push",
      { CACHE_SECRET_KEY: expression("secrets.CACHE_SECRET_KEY"), STORE: cache.url },
      [
        "umask 077",
        'key="$RUNNER_TEMP/cache-key"',
        `printf '%s' "$CACHE_SECRET_KEY" > "$key"`,
        'nix store sign --recursive --key-file "$key" ./result',
        'rm "$key"',
        'nix copy --to "$STORE" ./result',
      ],
      ONLY_PUSHES,
    );
  return [];
}

const ONLY_PUSHES = "github.event_name == 'push'";

function sshSteps(): readonly string[] {
  return step(
    "Load the deploy key",
    {
      DEPLOY_SSH_KEY: expression("secrets.DEPLOY_SSH_KEY"),
      KNOWN_HOSTS: expression("vars.DEPLOY_KNOWN_HOSTS"),
    },
    [
      "install -d -m 700 ~/.ssh",
      `printf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts`,
      'eval "$(ssh-agent -s)"',
      `printf '%s\\n' "$DEPLOY_SSH_KEY" | ssh-add -`,
      'echo "SSH_AUTH_SOCK=$SSH_AUTH_SOCK" >> "$GITHUB_ENV"',
    ],
  );
}

const DEPLOY_STEPS: Readonly<Record<WorkflowDeploy, (options: WorkflowOptions) => readonly string[]>> = {
  none: () => [],
  // `--inputs-from .` takes the versions that flake.lock pins
  "deploy-rs": () => step("Deploy", {}, ["nix run --inputs-from . deploy-rs -- --skip-checks ."]),
  colmena: ({ hosts }) =>
    step("Deploy", { HOSTS: hosts.map(host => host.name).join(",") }, [
      'nix run --inputs-from . nixpkgs#colmena -- apply --on "$HOSTS"',
    ]),
  "nixos-rebuild": ({ hosts }) =>
    hosts.flatMap(host =>
      step(
        `Deploy ${host.name}`,
        { FLAKE: `.#${host.configuration}`, TARGET: host.destination ?? host.name },
        [
          'nix run --inputs-from . nixpkgs#nixos-rebuild-ng -- switch --flake "$FLAKE" --target-host "$TARGET" --use-substitutes',
        ],
      ),
    ),
  "cachix-deploy": options =>
    step(
      "Deploy",
      {
        CACHIX_ACTIVATE_TOKEN: expression("secrets.CACHIX_ACTIVATE_TOKEN"),
        ...systemVariables(options.hosts),
      },
      [
        "agents='{}'",
        ...options.hosts.map(
          (_host, index) =>
            `agents=$(jq --arg name "$NAME_${index}" --arg path "$(nix build "$SYSTEM_${index}" --no-link --print-out-paths)" '.[$name] = $path' <<< "$agents")`,
        ),
        `jq '{agents: .}' <<< "$agents" > deploy.json`,
        ...(options.cache.kind === "cachix"
          ? [`jq -r '.agents[]' deploy.json | cachix push ${shellWord(options.cache.name)}`]
          : []),
        "cachix deploy activate deploy.json",
      ],
    ),
};

function systemVariables(hosts: readonly WorkflowHost[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    hosts.flatMap((host, index) => [
      [`NAME_${index}`, host.name],
      [`SYSTEM_${index}`, host.system],
    ]),
  );
}

function step(
  name: string,
  env: Readonly<Record<string, string>>,
  run: readonly string[],
  condition?: string,
): readonly string[] {
  const variables = Object.entries(env);
  return [
    `      - name: ${quoted(name)}`,
    ...(condition === undefined ? [] : [`        if: ${condition}`]),
    ...(variables.length === 0 ? [] : ["        env:"]),
    ...variables.map(([key, value]) => `          ${key}: ${isExpression(value) ? value : quoted(value)}`),
    "        run: |",
    ...run.map(line => `          ${line}`),
  ];
}

function expression(inner: string): string {
  return `\${{ ${inner} }}`;
}

function isExpression(value: string): boolean {
  return /^\$\{\{ [a-z]+\.[A-Za-z_]+ \}\}$/.test(value);
}

/** A double-quoted YAML text; JSON's are that. GitHub would evaluate `${{`, whoever wrote it. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll("${{", "$ {{"));
}

/** A text in GitHub's expressions. */
function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Names of caches are letters, digits and dashes. */
function shellWord(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, "");
}

function pinned(action: string): string {
  return `${action}@v${findAction(action)?.major ?? 1}`;
}
