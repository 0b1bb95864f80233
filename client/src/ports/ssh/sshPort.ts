// SSH as features see it: run one fixed script on one host and get its answer or the reason why there is none. At most
// `concurrency` connections are open at once; each run opens its own connection and leaves none behind.

import { setMaxListeners } from "node:events";
import { type CommandOptions, type RemoteScript, runScript } from "./command";
import type { ConfigSource } from "./configEvaluation";
import { loadConfigSource } from "./configFiles";
import { type ConnectOptions, type SshTarget, withConnection } from "./connection";
import type { AskPassphrase, KeyMemory } from "./keyFiles";
import { rememberHostKey } from "./knownHosts";
import { failed, type PresentedHostKey, type SshOutcome } from "./outcome";
import { type ResolvedDestination, resolveDestination } from "./sshConfig";

export interface SshPort {
  /** Runs the script on the target over a connection of its own. Never rejects. */
  run(target: SshTarget, script: RemoteScript, options: RunOptions): Promise<SshOutcome>;
  /** What the user's SSH configuration says about a target. */
  resolve(target: SshTarget): Promise<ResolvedDestination>;
  /** Writes a host key that the user has seen and accepted to known_hosts. */
  acceptHostKey(key: PresentedHostKey): Promise<void>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** For name look-up, TCP, key exchange and login of each hop. Default: ConnectTimeout of the configuration, or 10 s. */
  readonly connectTimeoutMs?: number;
  /** For the script. Default 20 s. */
  readonly runTimeoutMs?: number;
  /** Of each output stream. Default 1 MiB. */
  readonly maxBytes?: number;
  /** False for work that nobody waits for: then no passphrase is asked for. Default true. */
  readonly mayAsk?: boolean;
}

export interface SshSettings {
  /** A configuration file instead of the user's own; undefined for that. */
  readonly configFile: string | undefined;
  readonly concurrency: number;
}

export interface SshDependencies {
  /** Asked anew for every run, so that changed settings count at once. */
  readonly settings: () => SshSettings;
  readonly askPassphrase: AskPassphrase;
  readonly agentSocket?: string | undefined;
}

export function createSshPort(deps: SshDependencies): SshPort {
  const unlocked: KeyMemory = new Map();
  const typing = new Typing(deps.askPassphrase);
  const slots = new Slots(() => deps.settings().concurrency);
  const agentSocket = deps.agentSocket ?? process.env["SSH_AUTH_SOCK"];
  const config = (): Promise<ConfigSource> => loadConfigSource(deps.settings().configFile);
  const runOnce = async (
    target: SshTarget,
    script: RemoteScript,
    options: RunOptions,
    askPassphrase: AskPassphrase,
  ): Promise<SshOutcome> => {
    const connect: ConnectOptions = {
      config: await config(),
      identities: { agentSocket, askPassphrase, unlocked },
      signal: options.signal,
      timeoutMs: options.connectTimeoutMs,
    };
    const command: CommandOptions = {
      signal: options.signal,
      timeoutMs: options.runTimeoutMs ?? 20_000,
      maxBytes: options.maxBytes ?? 1 << 20,
    };
    return withConnection(target, connect, connection => runScript(connection, script, command));
  };
  return {
    async run(target, script, options) {
      // one signal ends a whole round of hosts, each of which listens to it
      setMaxListeners(0, options.signal);
      const release = await slots.take(options.signal);
      if (release === undefined) return failed("cancelled", "cancelled");
      try {
        const ask: AskPassphrase =
          options.mayAsk === false ? async () => undefined : (file, signal) => typing.ask(file, signal);
        const outcome = await runOnce(target, script, options, ask);
        if (outcome.kind === "done" || !typing.underway || options.mayAsk === false) return outcome;
        // while somebody typed, the time for the login ran out
        await typing.over(options.signal);
        return await runOnce(target, script, options, async () => undefined);
      } finally {
        release();
      }
    },
    async resolve(target) {
      return resolveDestination(target.host, await config(), target);
    },
    acceptHostKey: rememberHostKey,
  };
}

/** Knows whether somebody is being asked for a passphrase, which takes longer than a server waits. */
class Typing {
  private readonly asked = new Set<Promise<unknown>>();

  constructor(private readonly askPassphrase: AskPassphrase) {}

  get underway(): boolean {
    return this.asked.size > 0;
  }

  async ask(file: string, signal: AbortSignal): Promise<string | undefined> {
    const answer = this.askPassphrase(file, signal);
    this.asked.add(answer);
    try {
      return await answer;
    } finally {
      this.asked.delete(answer);
    }
  }

  /** Resolves when all questions are answered, or when the signal is aborted. */
  over(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const end = (): void => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      void Promise.allSettled(this.asked).then(end);
    });
  }
}

/** First come, first served; a waiter whose signal is aborted leaves the queue. */
class Slots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limit: () => number) {}

  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    while (this.taken >= Math.max(1, this.limit())) {
      if (signal.aborted) return undefined;
      await this.turn(signal);
    }
    if (signal.aborted) {
      // it may have been called: its turn is the next one's
      this.waiting.shift()?.();
      return undefined;
    }
    this.taken++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.taken--;
      this.waiting.shift()?.();
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        signal.removeEventListener("abort", cancel);
        resolve();
      };
      const cancel = (): void => {
        const at = this.waiting.indexOf(wake);
        if (at >= 0) this.waiting.splice(at, 1);
        resolve();
      };
      this.waiting.push(wake);
      signal.addEventListener("abort", cancel, { once: true });
    });
  }
}
