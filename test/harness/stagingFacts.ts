// A staging cache from `stage` to `prod` whose keys are all known, for tests of what is made of that.

import type { StagingFacts } from "../../client/src/staging/facts";

export const STAGING_KEY = `stage-1:${Buffer.alloc(32, 7).toString("base64")}`;
export const STAGING_FACTS: StagingFacts = {
  server: "stage",
  clients: ["prod"],
  transport: "ssh",
  address: "stage.test",
  keyName: "stage-1",
  keyFile: "/var/lib/nix-deploy/stage-1.secret",
  port: 5000,
  flat: false,
  openFirewall: false,
  publicKey: STAGING_KEY,
  hostPublicKey: "ssh-ed25519 HOST",
  clientKeys: { prod: "ssh-ed25519 PROD" },
  made: [],
  changed: [],
};
