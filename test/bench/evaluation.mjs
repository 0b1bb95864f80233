// Evaluation of synthetic fleets of 10, 100 and 1,000 hosts: time and memory must grow linearly with the hosts.
import v8 from "node:v8";
import vm from "node:vm";
import { loadEvaluator, loadParserFor } from "../../scripts/evaluator.mjs";

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");

const evaluator = await loadEvaluator();
const parser = await loadParserFor(evaluator);

const LIBRARY = `
rec {
  genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
  filterAttrs = pred: set: removeAttrs set (builtins.filter (n: !pred n set.\${n}) (builtins.attrNames set));
  recursiveUpdate = a: b: a // builtins.mapAttrs (n: v:
    if builtins.isAttrs v && builtins.isAttrs (a.\${n} or null) then recursiveUpdate a.\${n} v else v) b;
  optionals = c: l: if c then l else [ ];
}
`;

/** A fleet as people compute it: hosts from a list, defaults merged in, one file a host. */
function fleet(hosts) {
  const files = new Map();
  const names = Array.from({ length: hosts }, (_, i) => `host${i}`);
  files.set("/fleet/lib.nix", LIBRARY);
  files.set(
    "/fleet/defaults.nix",
    `{ name, ... }: {
      nix.settings = { substituters = [ "https://cache.nixos.org" "https://\${name}.example" ]; trusted-users = [ "root" "@wheel" ]; };
      services.openssh = { enable = true; settings.PermitRootLogin = "no"; };
      networking = { hostName = name; domain = "example.org"; fqdn = "\${name}.example.org"; };
    }`,
  );
  for (const [i, name] of names.entries()) {
    files.set(
      `/fleet/hosts/${name}.nix`,
      `{ lib, name, production ? false }: {
        tags = [ "web" ] ++ lib.optionals (${i} > 4) [ "late" ];
        address = "10.0.\${toString ${Math.floor(i / 250)}}.\${toString ${i % 250}}";
        nix.settings.substituters = [ "ssh-ng://nix-ssh@host0.example.org?priority=${i % 90}" ];
        services.nginx.virtualHosts = lib.genAttrs [ "a" "b" "c" ] (v: { root = "/srv/\${v}.\${name}"; forceSSL = true; });
      }`,
    );
  }
  files.set(
    "/fleet/main.nix",
    `let
      lib = import ./lib.nix;
      load = file: let name = builtins.head (builtins.split "\\\\.nix" file); in {
        inherit name;
        value = lib.recursiveUpdate (import ./defaults.nix { inherit name; }) (import (./hosts + "/\${file}") { inherit lib name; });
      };
      hosts = builtins.listToAttrs (map load (builtins.attrNames (builtins.readDir ./hosts)));
      mkNode = name: cfg: { hostname = cfg.networking.fqdn; inherit (cfg) address tags; config = cfg; };
    in {
      nodes = builtins.mapAttrs mkNode hosts;
      late = builtins.attrNames (lib.filterAttrs (n: c: builtins.elem "late" c.tags) hosts);
    }`,
  );
  return files;
}

function measure(hosts) {
  const texts = fleet(hosts);
  const session = evaluator.createEvaluator(
    evaluator.evaluatorPorts(
      (path, text) => parser.parse(path, text),
      evaluator.memoryFiles(texts, ["/fleet"]),
    ),
    { limits: { steps: 1e9, cells: 1e9 } },
  );
  const at = { path: "/fleet/main.nix", start: 0, end: 0 };
  const once = () => {
    const start = performance.now();
    const { value, ctx } = session.evaluateFile("/fleet/main.nix");
    const datum = evaluator.reify(ctx, value, at, { depth: 24, nodes: 1e7 });
    const nodes = datum.entries.get("nodes").value.entries.size;
    if (nodes !== hosts) throw new Error(`${nodes} of ${hosts} hosts`);
    return { ms: performance.now() - start, steps: ctx.stepsUsed, datum };
  };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const first = once();
  collectGarbage();
  const heap = (process.memoryUsage().heapUsed - before) / 1e6;
  const again = Math.min(once().ms, once().ms, once().ms);
  return { hosts, cold: first.ms, warm: again, steps: first.steps, heap };
}

measure(50);
const rows = [];
const budgets = { 10: [120, 40], 100: [600, 150], 1000: [5000, 1200] };
const heapBudgets = { 10: 3, 100: 12, 1000: 90 };
const results = [10, 100, 1000].map(measure);
for (const { hosts, cold, warm, steps, heap } of results) {
  const [coldBudget, warmBudget] = budgets[hosts];
  const round = value => Math.round(value * 10) / 10;
  rows.push({
    what: `${hosts} hosts: first evaluation, parsing included`,
    unit: "ms",
    value: round(cold),
    budget: coldBudget,
  });
  rows.push({
    what: `${hosts} hosts: evaluation after an edit elsewhere`,
    unit: "ms",
    value: round(warm),
    budget: warmBudget,
  });
  rows.push({ what: `${hosts} hosts: steps`, unit: "steps", value: steps, budget: null });
  rows.push({
    what: `${hosts} hosts: heap kept`,
    unit: "MB",
    value: round(Math.max(heap, 0)),
    budget: heapBudgets[hosts],
  });
}
const [, hundred, thousand] = results;
rows.push({
  what: "steps of 1,000 hosts per 100 hosts (10 is linear)",
  unit: "times",
  value: Math.round((thousand.steps / hundred.steps) * 10) / 10,
  budget: 12,
});
process.stdout.write(JSON.stringify(rows, null, 2));
