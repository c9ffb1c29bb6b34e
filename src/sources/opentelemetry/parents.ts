/** What is known of a span's place in its trace. */
export interface Place {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | null | undefined;
}

const keyOf = ({ traceId, spanId }: Place): string => `${traceId}-${spanId}`;

/**
 * The run that a span ran in, as far as these spans tell: the nearest span above it that is a run, or else the first one above
 * that is not among them, which may be a run that another request brings. A span that is known to be no run is nobody's parent:
 * there will never be an execution of its id. Each span is passed once, however deep they nest, and those that are each
 * other's parents have none.
 */
export function runsAbove(
  spans: readonly (Place & { readonly isRun: boolean })[],
): (span: Place) => string | undefined {
  const known = new Map(spans.map((span) => [keyOf(span), span]));
  const found = new Map<string, string | undefined>();
  return (span) => {
    const passed: string[] = [];
    let at: Place = span;
    let run: string | undefined;
    for (;;) {
      const key = keyOf(at);
      if (found.has(key)) {
        run = found.get(key);
        break;
      }
      found.set(key, undefined);
      passed.push(key);
      const { parentSpanId } = at;
      if (!parentSpanId) break;
      const above = known.get(keyOf({ ...at, spanId: parentSpanId }));
      if (above === undefined || above.isRun) {
        run = parentSpanId;
        break;
      }
      at = above;
    }
    for (const key of passed) found.set(key, run);
    return run;
  };
}
