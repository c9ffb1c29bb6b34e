import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const anyPackage = '^[^.]';
const anyPackageBut = (pure) => `^(?!${pure}$)[^.]`;
const nest = '^@nestjs/';
const drivers = '^(pg|typeorm|@nestjs/typeorm|@eventstore/.*|@kurrent/.*|@grpc/.*)$';

/** The floors of the house, ground first: what stands on one knows nothing of those above it. */
const floors = [
  { rooms: ['src/domain'], bans: [anyPackage] },
  { rooms: ['projections'], bans: [anyPackageBut('(?:@datadog/sketches-js|node:crypto)')] },
  { rooms: ['src/encoding'], bans: [nest, drivers, '^node:'] },
  { rooms: ['src/postgres'], bans: [nest] },
  { rooms: ['src/event-store'], bans: [nest] },
  { rooms: ['src/projection-tables'], bans: [nest] },
  { rooms: ['src/projector', 'src/read-model'], bans: [nest] },
  { rooms: ['src/rebuild'], bans: [nest] },
  { rooms: ['src/contract'], bans: [nest, drivers, '^node:'] },
  { rooms: ['src/application'], bans: [drivers] },
  { rooms: ['src/client'], bans: [] },
  { rooms: ['src/http', 'src/web', 'src/cli', 'src/sources'], bans: [drivers] },
  { rooms: ['src/composition'], bans: [] },
];

const edges = floors.at(-2).rooms;
/** Rooms that never know each other: the edges, and those who write tables and those who read them. */
const apart = [edges, ['src/projector', 'src/read-model'], ['src/rebuild', 'src/read-model']];
/** The dialects are what the other edges read by. */
const strangersOf = (room) =>
  apart
    .filter((rooms) => rooms.includes(room))
    .flatMap((rooms) => rooms.filter((other) => other !== room && other !== 'src/sources'));
/** Wires everything: the adapters, the configuration. */
const composition = floors.at(-1).rooms[0];
const roof = '^\\.{1,2}/(.*/)?(main|command-line|config|embedded-postgres)\\.js$';
const inRoom = (room) => `^\\.{1,2}/(.*/)?${room.split('/').at(-1)}/`;
const adapter = (name) => `^\\.{1,2}/(.*/)?${name}/`;
const adapters = ['memory', 'postgres', 'eventstoredb'];

const restricted = (patterns) => ({ rules: { 'no-restricted-imports': ['error', { patterns }] } });

const floorRules = floors.flatMap(({ rooms, bans }, level) =>
  rooms.map((room) => ({
    files: [`${room}/**/*.{ts,tsx}`],
    ...restricted([
      ...bans.map((regex) => ({ regex, message: `${room} does not know that package` })),
      ...floors
        .slice(level + 1)
        .flatMap((above) => above.rooms)
        .map((above) => ({ regex: inRoom(above), message: `${above} is a floor above ${room}` })),
      ...strangersOf(room).map((other) => ({
        regex: inRoom(other),
        message: `${room} and ${other} never know each other`,
      })),
      ...(level >= 4 && room !== composition
        ? adapters.map((name) => ({
            regex: adapter(`event-store/${name}`),
            message: 'only the composition imports adapters',
          }))
        : []),
      ...(room === composition ? [] : [{ regex: roof, message: 'nothing imports the roof' }]),
      { regex: '(^|/)(test|bench)/', message: 'the product does not know its tests' },
    ]),
  })),
);

/** Adapters never know each other. */
const adapterBans = (name) => [
  { regex: nest, message: 'an adapter does not know Nest' },
  ...adapters
    .filter((other) => other !== name)
    .map((other) => ({ regex: adapter(other), message: 'adapters never know each other' })),
  ...floors
    .slice(floors.findIndex(({ rooms }) => rooms.includes('src/event-store')) + 1)
    .flatMap(({ rooms }) => rooms)
    .map((above) => ({ regex: inRoom(above), message: `${above} is a floor above the event store` })),
  { regex: roof, message: 'nothing imports the roof' },
];
const adapterRules = adapters.map((name) => ({
  files: [`src/event-store/${name}/**/*.ts`],
  ...restricted(adapterBans(name)),
}));

/** The client goes into other people's programs and browsers: it takes nothing of the ledger with it, and few packages. */
const producerRules = [
  { files: ['src/client/**/*.ts'], own: [] },
  { files: ['file-outbox', 'journal', 'owner'].map((name) => `src/client/${name}.ts`), own: ['node:.*'] },
].map(({ files, own }) => ({
  files,
  ...restricted([
    { regex: '^\\.\\./', message: 'the client imports nothing of the ledger' },
    {
      regex: anyPackageBut(`(?:${['ky', 'openapi-fetch', 'uuid', ...own].join('|')})`),
      message: 'the client does not know that package',
    },
  ]),
}));

/** The pages run in browsers: they know the ledger by its API, and take what neither needs Node nor knows a database. */
const pageRules = {
  files: ['src/web/**/*.{ts,tsx}'],
  ignores: ['src/web/vite.config.ts'],
  ...restricted([
    { regex: '^node:', message: 'a browser has no Node' },
    {
      regex:
        '^(\\.\\./){2,}(?!\\.|domain/status\\.js$|client/openapi\\.js$|contract/verdict-meanings\\.js$|printable\\.js$|shared/|shell/|router\\.js$)',
      message: 'the pages know the ledger by its API alone',
    },
    { regex: '(^|/)(test|bench)/', message: 'the product does not know its tests' },
  ]),
};

/** Another client of EventStoreDB is a change of one file (docs/decisions/0025). */
const clientRules = {
  files: ['src/event-store/eventstoredb/**/*.ts'],
  ignores: ['src/event-store/eventstoredb/client.ts'],
  ...restricted([
    ...adapterBans('eventstoredb'),
    { regex: '^(@eventstore|@kurrent|google-protobuf)/', message: 'only client.ts knows which client it is' },
  ]),
};

const below = [
  'src/domain/**',
  'projections/**',
  'src/encoding/**',
  'src/contract/**',
  'src/event-store/**',
  'src/projection-tables/**',
  'src/projector/**',
  'src/read-model/**',
  'src/rebuild/**',
  'src/application/**',
  'src/sources/**',
];

export default tseslint.config(
  { ignores: ['dist/**', 'dist.*/**', 'node_modules/**', 'coverage/**', '.ledger/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    // Injected classes are values: their types alone would leave Nest nothing to inject.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', performance: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: below,
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'configuration is passed in from the roof' }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'randomness is passed in from the roof' },
        { object: 'Date', property: 'now', message: 'the clock is passed in from the roof' },
      ],
    },
  },
  ...floorRules,
  ...adapterRules,
  clientRules,
  ...producerRules,
  pageRules,
);
