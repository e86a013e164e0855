import { connect, createServer, type Server, type Socket } from 'node:net';

/** A bad line to a store: what passes can be held back, or cut, for everybody alike. */
export class LagProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private lagMs = 0;
  private isCut = false;

  /** @param target where the store listens */
  constructor(private readonly target: { readonly host: string; readonly port: number }) {
    this.server = createServer((client) => this.accept(client));
  }

  /** The store's URL with this proxy in place of its host. */
  async listen(storeUrl: string): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = new URL(storeUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as { port: number }).port);
    return url.href;
  }

  /** Hold back everything that comes from now on, in both directions. */
  slow(lagMs: number): void {
    this.lagMs = lagMs;
  }

  /** Drop every connection and refuse new ones, until it is mended. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) this.drop();
  }

  close(): void {
    this.server.close();
    this.drop();
  }

  private accept(client: Socket): void {
    this.keep(client);
    if (this.isCut) {
      client.destroy();
      return;
    }
    const store = connect(this.target);
    this.keep(store);
    this.pass(client, store);
    this.pass(store, client);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket.setNoDelay());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  private pass(from: Socket, to: Socket): void {
    let clear = 0;
    from.on('data', (chunk) => {
      // Never before what came earlier, should the lag have shrunk meanwhile.
      clear = Math.max(clear, performance.now() + this.lagMs);
      const wait = clear - performance.now();
      if (wait < 1) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), wait);
    });
    from.on('close', () => setTimeout(() => to.destroy(), this.lagMs));
  }

  private drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
