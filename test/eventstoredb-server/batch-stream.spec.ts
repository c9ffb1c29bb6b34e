import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import google from 'google-protobuf/google/protobuf/empty_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { identifierOf } from './append-answers.js';
import { event, fresh, ways } from './given.js';
import { startEventStoreDbDouble } from './index.js';
import { withDouble } from './with-double.js';

const given = withDouble({ commitTimeoutMs: 50, maxMessageSize: 64 * 1024 });

/** One append in one message; it is unfinished when more is to come, and unfit when its id is no UUID. */
function request(id: string, isFinal: boolean): BatchAppendReq {
  const options = new streams.BatchAppendReq.Options()
    .setStreamIdentifier(identifierOf(fresh()))
    .setAny(new google.Empty());
  const message = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
  message.getMetadataMap().set('type', 'tested').set('content-type', 'application/json');
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(randomUUID()))
    .setOptions(options)
    .setProposedMessagesList([message])
    .setIsFinal(isFinal);
}

const answerOf = (answer: BatchAppendResp): string => answer.getError()?.getMessage() ?? 'success';

/** The first answers to what is written, by their names. */
function answersTo(what: BatchAppendReq, count: number): Promise<string[]> {
  const call = given.raw.batchAppend();
  const answers: string[] = [];
  call.on('error', () => undefined);
  call.write(what);
  return new Promise((resolve) =>
    call.on('data', (answer: BatchAppendResp) => {
      if (answers.push(answerOf(answer)) < count) return;
      call.cancel();
      resolve(answers);
    }),
  );
}

describe('a batch stream', () => {
  it('answers an event it cannot take twice: the client falls over the second answer', async () => {
    expect(await answersTo(request('no-uuid', true), 2)).toEqual(['BadRequest', 'Timeout']);
  });

  it('answers that an append it never got all of has timed out', async () => {
    expect(await answersTo(request(randomUUID(), false), 1)).toEqual(['Timeout']);
  });

  it('answers under an id nobody used when asked to', async () => {
    given.double.next({ on: 'append', fault: 'unexpected-answer' });
    const asked = request(randomUUID(), true);
    const call = given.raw.batchAppend();
    call.on('error', () => undefined);
    call.write(asked);
    const answer = await new Promise<BatchAppendResp>((resolve) => call.once('data', resolve));
    expect(answer.getCorrelationId()!.getString()).not.toBe(asked.getCorrelationId()!.getString());
    call.cancel();
  });

  it('waits for a frozen server beyond any deadline, and is told then that it came too late', async () => {
    const stream = fresh();
    await given.client.appendToStream(fresh(), event());
    given.double.freeze();
    let answered = false;
    const late = given.client.appendToStream(stream, event(), { deadline: 1 }).finally(() => (answered = true));
    const outcome = expect(late).rejects.toMatchObject({ type: 'deadline-exceeded' });
    const clock = given.client.appendToStream(stream, event(), { ...ways[1]![1], deadline: 50, expectedRevision: 7n });
    await expect(clock).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(answered).toBe(false);
    given.double.thaw();
    await outcome;
    expect(given.double.stored(stream)).toEqual([]);
  });

  it('ends for all who share it when one message is too large', async () => {
    const stream = fresh();
    await given.client.appendToStream(fresh(), event());
    given.double.freeze();
    const innocent = expect(given.client.appendToStream(stream, event())).rejects.toMatchObject({ code: 8 });
    const large = { ...event(), data: { text: 'x'.repeat(65 * 1024) } };
    await expect(given.client.appendToStream(fresh(), large)).rejects.toMatchObject({ code: 8 });
    await innocent;
    given.double.thaw();
    await given.client.appendToStream(fresh(), event());
    expect(given.double.stored(stream)).toHaveLength(1);
  });

  it('that breaks fails what other clients of the process have under way, though it is stored', async () => {
    const elsewhere = await startEventStoreDbDouble();
    const other = EventStoreDBClient.connectionString(elsewhere.url);
    await Promise.all([given.client, other].map((client) => client.appendToStream(fresh(), event())));
    elsewhere.freeze();
    const stream = fresh();
    const innocent = expect(other.appendToStream(stream, event())).rejects.toMatchObject({ code: 14 });
    given.double.next({ on: 'append', fault: 'cut-before' });
    await expect(given.client.appendToStream(fresh(), event())).rejects.toMatchObject({ code: 14 });
    await innocent;
    await other.dispose();
    elsewhere.thaw();
    await elsewhere.stop();
    expect(elsewhere.stored(stream)).toHaveLength(1);
  });
});

describe('an append in a call of its own', () => {
  it('may be answered with neither success nor conflict: the client waits for ever', async () => {
    given.double.next({ on: 'append', fault: 'unexpected-answer' });
    const answered = await new Promise<boolean>((resolve) => {
      const call = given.raw.append((_, response) =>
        resolve(response.hasSuccess() || response.hasWrongExpectedVersion()),
      );
      const options = new streams.AppendReq.Options()
        .setStreamIdentifier(identifierOf(fresh()))
        .setAny(new shared.Empty());
      call.end(new streams.AppendReq().setOptions(options));
    });
    expect(answered).toBe(false);
  });
});

describe('a server that does not list batches', () => {
  const bare = withDouble({ batchAppend: false });

  it('is appended to one call at a time', async () => {
    await bare.client.appendToStream(fresh(), event());
    expect(bare.double.calls).toMatchObject({ append: 1, batchAppend: 0, features: 1 });
  });
});
