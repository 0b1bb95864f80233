// A real SSH server on loopback (ssh2's own) for tests of connecting: it checks keys, runs what it is told to answer,
// forwards for jump hosts, and can misbehave in the ways that real networks do.

import net from "node:net";
import { type Connection, type ParsedKey, Server, type ServerChannel, utils } from "ssh2";

export interface SshServerOptions {
  /** Public keys (parsed) that may log in; absent: every key may. */
  readonly authorized?: readonly ParsedKey[];
  readonly hostKey?: string;
  /** Where it listens; 127.0.0.1 if absent. */
  readonly address?: string;
  /** Answers one command; `stdin` is everything that was sent before its end. Default: echoes "ok". */
  readonly answer?: (command: string, stdin: string, channel: ServerChannel) => void;
  /** Milliseconds added to every packet from the server. */
  readonly latencyMs?: number;
  /** Accepts TCP and sends the version line, then never again anything. */
  readonly hangAfterBanner?: boolean;
  /** As a jump host, never says whether it reaches the next one. */
  readonly hangForwards?: boolean;
  /** Accepts TCP and says something that is not SSH. */
  readonly garbage?: string;
}

export interface RunningSshServer {
  readonly port: number;
  readonly hostKey: { readonly type: string; readonly base64: string };
  /** Connections that are open now, and the most that ever were at once. */
  readonly connections: () => number;
  readonly mostConnections: () => number;
  /** Logins that were tried with a key that may not log in. */
  readonly refused: () => number;
  stop(): Promise<void>;
}

/** A fresh Ed25519 key in OpenSSH's private format. */
export function makeKey(passphrase?: string): { privateText: string; parsed: ParsedKey } {
  // ssh2 writes about one key in a hundred in a form that it cannot read itself
  for (let attempt = 1; ; attempt++) {
    const pair = utils.generateKeyPairSync(
      "ed25519",
      passphrase === undefined ? {} : { passphrase, cipher: "aes256-cbc", rounds: 4 },
    );
    const parsed = utils.parseKey(pair.public);
    const readable = !(utils.parseKey(pair.private, passphrase) instanceof Error);
    if (!(parsed instanceof Error) && readable) return { privateText: pair.private, parsed };
    if (attempt === 20) throw parsed instanceof Error ? parsed : new Error("no readable key in 20");
  }
}

export async function startSshServer(options: SshServerOptions = {}): Promise<RunningSshServer> {
  const hostKeyText = options.hostKey ?? makeKey().privateText;
  const hostKey = utils.parseKey(hostKeyText);
  if (hostKey instanceof Error) throw hostKey;
  let refused = 0;
  const ssh = new Server({ hostKeys: [hostKeyText] }, client => serve(client, options, () => refused++));
  const sockets = new Set<net.Socket>();
  let most = 0;
  const tcp = net.createServer(socket => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    // whoever never reads never hears that the other side has gone
    if (options.garbage !== undefined) socket.resume().end(options.garbage);
    else if (options.hangAfterBanner === true) socket.resume().write("SSH-2.0-hangs\r\n");
    else ssh.injectSocket(options.latencyMs === undefined ? socket : delayed(socket, options.latencyMs));
  });
  await new Promise<void>(resolve => tcp.listen(0, options.address ?? "127.0.0.1", resolve));
  const address = tcp.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    port: address.port,
    hostKey: { type: hostKey.type, base64: hostKey.getPublicSSH().toString("base64") },
    connections: () => sockets.size,
    mostConnections: () => most,
    refused: () => refused,
    stop: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        tcp.close(() => resolve());
      }),
  };
}

function serve(client: Connection, options: SshServerOptions, refuse: () => void): void {
  client.on("error", () => undefined);
  client.on("authentication", ctx => {
    if (ctx.method !== "publickey") return ctx.reject(["publickey"]);
    const blob = ctx.key.data;
    const allowed = options.authorized?.some(key => key.getPublicSSH().equals(blob)) ?? true;
    if (!allowed) {
      refuse();
      return ctx.reject(["publickey"]);
    }
    ctx.accept();
  });
  client.on("session", accept => {
    const session = accept();
    session.on("exec", (acceptExec, _reject, info) => {
      const channel = acceptExec();
      channel.on("error", () => undefined);
      let stdin = "";
      channel.on("data", (data: Buffer) => {
        stdin += data.toString("utf8");
      });
      const answer = options.answer ?? defaultAnswer;
      channel.on("end", () => answer(info.command, stdin, channel));
    });
  });
  client.on("tcpip", (accept, reject, info) => {
    if (options.hangForwards === true) return;
    const socket = net.connect(info.destPort, info.destIP, () => {
      const channel = accept();
      channel.on("error", () => undefined);
      socket.pipe(channel).pipe(socket);
    });
    socket.on("error", () => reject());
  });
}

function defaultAnswer(_command: string, _stdin: string, channel: ServerChannel): void {
  channel.write("ok\n");
  channel.exit(0);
  channel.end();
}

/** The socket with every write held back for a while, in order. */
function delayed(socket: net.Socket, ms: number): net.Socket {
  const write = socket.write.bind(socket);
  const late = (...args: Parameters<typeof write>): boolean => {
    setTimeout(() => {
      if (!socket.destroyed) write(...args);
    }, ms);
    return true;
  };
  socket.write = late as typeof socket.write;
  return socket;
}
