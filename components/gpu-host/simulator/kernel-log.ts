import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A kern.log that never grows beyond its cap.
 *
 * Full, it is renamed to `<file>.1`, which replaces the one before: a reader that follows the file finishes the
 * old one, which it could not after a truncation.
 */
export class KernelLog {
  readonly #file: string;
  readonly #capBytes: number;
  #bytes: number;

  constructor(file: string, capBytes: number) {
    this.#file = file;
    this.#capBytes = capBytes;
    mkdirSync(dirname(file), { recursive: true });
    // Created at once, so that a reader finds it before the first message.
    appendFileSync(file, "");
    this.#bytes = statSync(file).size;
  }

  append(line: string): void {
    const text = `${line}\n`;
    const length = Buffer.byteLength(text);
    if (this.#bytes > 0 && this.#bytes + length > this.#capBytes) {
      renameSync(this.#file, `${this.#file}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.#file, text);
    this.#bytes += length;
  }
}
