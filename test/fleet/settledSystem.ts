// What a host runs, after making sure that nothing on it is half done.
import { expect } from "vitest";
import type { Host } from "./fleet";

/** The state of a host that is neither half switched nor half set: what runs is what boots, and no activation is left. */
export async function settledSystem(host: Host): Promise<string | undefined> {
  const running = await host.currentSystem();
  const next = (await host.exec(["readlink", "-f", "/nix/var/nix/profiles/system"])).stdout.trim();
  const loader = (await host.exec(["cat", "/boot/loader/default"])).stdout.trim();
  expect([next, loader]).toEqual([running, running]);
  const left = await host.sh(
    "for run in $(ls -d /run/nix-deploy/*/ 2>/dev/null); do [ -e $run/end ] || echo $run; done",
  );
  expect(left).toBe("");
  return running;
}
