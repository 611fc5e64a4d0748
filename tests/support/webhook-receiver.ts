import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One alert of a notification, as Alertmanager's webhook payload (version 4) has it. */
export interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
}

/** What Alertmanager sent, where to, and when it came (milliseconds since 1970). */
export interface Notification {
  readonly path: string;
  readonly at: number;
  readonly receiver: string;
  readonly status: "firing" | "resolved";
  readonly groupKey: string;
  readonly externalURL: string;
  readonly alerts: readonly NotifiedAlert[];
}

export interface WebhookReceiver {
  /** Without a path: anything below it is heard, and `path` tells receivers apart. */
  readonly url: string;
  /** Everything heard so far, oldest first. */
  readonly notifications: readonly Notification[];
  /** The first notification that satisfies, waiting for it. @throws after `seconds` */
  waitFor(wanted: (notification: Notification) => boolean, seconds: number): Promise<Notification>;
  close(): Promise<void>;
}

/** A webhook on loopback that records every notification. @param port - 0 takes a free one */
export async function receiveWebhooks(port = 0, host = "127.0.0.1"): Promise<WebhookReceiver> {
  const notifications: Notification[] = [];
  const heard = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      try {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Notification;
        notifications.push({ ...body, path: request.url ?? "/", at: Date.now() });
        response.writeHead(200).end();
      } catch {
        response.writeHead(400).end("not a notification");
      }
      for (const tell of heard) tell();
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${taken}`,
    notifications,
    waitFor: (wanted, seconds) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = notifications.find(wanted);
          if (found === undefined) return;
          stop();
          resolve(found);
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`no such notification in ${seconds} s; heard ${notifications.length} others`));
        }, seconds * 1000);
        const stop = () => {
          clearTimeout(timer);
          heard.delete(look);
        };
        heard.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
