/** The program cannot start, and says in one line per problem what is wrong and what to do. Holds no secrets. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(problems.join('\n'), options);
  }
}
