import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';
import { GrowingBuffer } from './growing-buffer.js';
import { shareOf } from './answers.js';
import { readBody } from './read-body.js';

/** A body on its way. */
class Arrival {
  gathered = new GrowingBuffer();
  refuse!: (problem: Problem) => void;
  readonly refused = new Promise<never>((_, reject) => (this.refuse = reject));

  letGo(): void {
    this.gathered = new GrowingBuffer(); // its connection may stay for a while, and what it sent must not
    this.refuse(Problem.of('overloaded', 'too many deliveries arrive at once, and this one was the oldest of them'));
  }
}

/**
 * Bodies of senders who have still to prove who they are. Beyond so many bytes in all the oldest is let go of: who means it
 * sends at once, and who holds back the rest of many bodies must neither fill the memory nor shut the others out.
 */
export class UnprovenBodies {
  /** The oldest first. */
  private readonly arriving = new Set<Arrival>();
  private held = 0;

  constructor(private readonly limit: number) {}

  /** The body as it was sent, its `Content-Encoding` included. @throws Problem 413, or 503 where it was let go of */
  async read(request: FastifyRequest, payload: Readable): Promise<Buffer> {
    const arrival = new Arrival();
    const share = shareOf(request);
    this.arriving.add(arrival);
    try {
      const take = (chunk: Buffer): void => {
        this.take(arrival, chunk);
        share.take(arrival.gathered.held); // it is not to wait where it would keep its place: the oldest has to go
      };
      await Promise.race([readBody(request, payload, { take }, 'identity'), arrival.refused]);
      return arrival.gathered.bytes;
    } finally {
      this.forget(arrival);
    }
  }

  private take(arrival: Arrival, chunk: Buffer): void {
    if (!this.arriving.has(arrival)) return; // what still comes of one that was let go of
    this.held -= arrival.gathered.held;
    arrival.gathered.add(chunk);
    this.held += arrival.gathered.held;
    for (const oldest of this.arriving) {
      if (this.held <= this.limit) return;
      this.forget(oldest);
      oldest.letGo();
    }
  }

  private forget(arrival: Arrival): void {
    if (this.arriving.delete(arrival)) this.held -= arrival.gathered.held;
  }
}
