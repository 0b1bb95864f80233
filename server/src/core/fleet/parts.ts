// The parts of an entry point that are read one by one, its systems: what each said last time, good for as long as what
// it rests on is the same. This is why a change of one host's file does not read the whole fleet again.

import type { Datum } from "../eval/datum";
import type { EvaluationProblem, Field } from "./fleet";
import type { ReadRecord } from "./readTable";
import type { SystemFacts } from "./systemFacts";

/** Everything that is asked of one system. */
export interface ReadSystem {
  readonly facts: SystemFacts;
  /** The spans of these are undefined where no file says it. */
  readonly platform: Field<string> | undefined;
  /** Where ssh reaches it, as far as its own configuration says: `user@host` or `host`. */
  readonly target: Field<string> | undefined;
  /** Of a node of a hive. */
  readonly node: HiveFields | undefined;
}

/** What a node of a hive says of its deployment. */
export interface HiveFields {
  readonly value: Datum;
  readonly hostname: Field<string> | undefined;
  readonly sshUser: Field<string> | undefined;
  readonly sshOpts: Field<readonly string[]> | undefined;
  readonly buildsOnHost: boolean;
  readonly tags: readonly string[];
}

/** One system as it was read, with what the reading said beside. */
export interface Part {
  readonly system: ReadSystem;
  readonly problems: readonly EvaluationProblem[];
  readonly notes: readonly string[];
  readonly reads: ReadRecord;
}

/** Parts by the names of what was read. */
export type Parts = ReadonlyMap<string, Part>;
