import { expect, test } from "vitest";
import { hasNix } from "../../../test/harness/fileCache";
import { localShell } from "../../../test/harness/localShell";
import { hostOf } from "../../../test/harness/snapshots";
import { STAGING_FACTS, STAGING_KEY } from "../../../test/harness/stagingFacts";
import { systemClock } from "../ports/clock";
import { createHostShell } from "../remote/hostShell";
import { clients } from "./arrivalSteps";
import type { StagingFacts } from "./facts";
import type { StagingPorts } from "./stagingStep";

const FACTS: StagingFacts = {
  ...STAGING_FACTS,
  transport: "nix-serve",
  hostPublicKey: undefined,
  clientKeys: {},
};

test.runIf(hasNix)(
  "a client that has the cache and its key in another spelling runs them already",
  async () => {
    const [cache, key] = ["http://Stage.test:5000/", STAGING_KEY.replace("=", "")];
    const prod = hostOf({ name: "prod", sshUser: "root", substituters: [cache], trustedPublicKeys: [key] });
    const deployed: string[] = [];
    const run = (settings: string) => {
      const ports: StagingPorts = {
        shell: createHostShell(localShell({ env: { NIX_CONFIG: settings } })),
        clock: systemClock,
        findHost: () => prod,
        change: async () => [],
        undoChange: async () => undefined,
        deploy: async hosts => void deployed.push(...hosts),
      };
      return clients.run(FACTS, ports, new AbortController().signal);
    };
    const there = await run(`substituters = ${cache}\ntrusted-public-keys = ${key}`);
    expect(there).toMatchObject({ outcome: "done", note: "Was there already." });
    expect(deployed).toEqual([]);
    const lacking = await run(`substituters = ${cache}\ntrusted-public-keys = other-1:x`);
    expect(lacking).toMatchObject({
      outcome: "failed",
      note: expect.stringContaining("prod lacks the key in trusted-public-keys"),
    });
    expect(deployed).toEqual(["prod"]);
  },
);
