// The steps that turn one host into a binary cache for others, from the keys to the proof. Each looks first and keeps what
// it finds.

import { clients, configuration, server } from "./arrivalSteps";
import { clientKeys, hostKey, signingKey } from "./keySteps";
import { existingPaths, proof } from "./proofSteps";
import type { StagingStep } from "./stagingStep";

/** In this order; the server goes before those who ask it. */
export const STAGING_STEPS: readonly StagingStep[] = [
  signingKey,
  clientKeys,
  hostKey,
  configuration,
  server,
  existingPaths,
  clients,
  proof,
];
