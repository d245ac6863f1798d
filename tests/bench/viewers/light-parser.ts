/**
 * Socket.IO's packets, read only as far as a measurement needs: a thousand browsers have a thousand processors to parse
 * a change with, and this machine has two.
 */
import { EventEmitter } from 'node:events';

type Packet = { type: number; nsp: string; data?: unknown; id?: number };
const EVENT = 2;

export class Encoder {
  encode({ type, id, data }: Packet): string[] {
    return [`${type}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

export class Decoder extends EventEmitter {
  add(text: string): void {
    const [, kind, id, rest] = /^(\d)(\d*)(.*)$/s.exec(text)!;
    const packet: Packet = { type: Number(kind), nsp: '/', ...(id === '' ? {} : { id: Number(id) }) };
    this.emit('decoded', { ...packet, data: Number(kind) === EVENT ? shortened(rest!) : dataOf(rest!) });
  }

  destroy(): void {
    this.removeAllListeners();
  }
}

const dataOf = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** Of a change only the moment of the newest event behind it. */
function shortened(text: string): unknown {
  if (!text.startsWith('["change"')) return dataOf(text);
  const occurredAt = /"newest":\{"occurredAt":(\d+)/.exec(text.slice(-200))?.[1];
  return ['change', { occurredAt: occurredAt === undefined ? null : Number(occurredAt), characters: text.length }];
}
