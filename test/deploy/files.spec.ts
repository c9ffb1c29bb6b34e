import { beforeAll, describe, expect, it } from '@jest/globals';
import { VARIABLES, type Variable } from '../../src/variables.js';
import { documentsOf, secondsOf, textOf } from '../support/process/checkout.js';

/** Names of variables that the ledger reads: those of secrets may be kept in a file. */
const READ = Object.values(VARIABLES as Record<string, Variable>).flatMap(({ name, secret }) =>
  secret ? [name, `${name}_FILE`] : [name],
);
/** What Node.js reads itself. */
const OF_NODE = ['NODE_ENV'];
const PORT = 8080;
/** What the ledger is started with. */
const START = 'node --max-semi-space-size=64 dist/src/main.js';

let stop: number;
beforeAll(async () => {
  stop = await secondsOf('STOP_MS', 'src/main.ts');
});

it('the image starts what a supervisor should start', async () => {
  const [, command] = /^CMD (.*)$/m.exec(await textOf('Dockerfile'))!;
  expect((JSON.parse(command!) as string[]).join(' ')).toBe(START);
});

describe('the systemd unit', () => {
  const settings: [section: string, name: string, value: string][] = [];
  const of = (name: string): string[] => settings.filter((one) => one[1] === name).map(([, , value]) => value);
  beforeAll(async () => {
    let section = '';
    for (const line of (await textOf('docs/deploy/execution-ledger.service')).split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const [, begun, name, value] = /^(?:\[(\w+)\]|(\w+)=(.+))$/.exec(line)!;
      if (begun) section = begun;
      else settings.push([section, name!, value!]);
    }
  });

  it('sets what the ledger reads, and starts it itself', () => {
    const names = of('Environment').map((one) => one.split('=')[0]!);
    expect(names.filter((name) => ![...READ, ...OF_NODE].includes(name))).toEqual([]);
    expect(of('Environment')).toContain(`PORT=${PORT}`);
    expect(of('ExecStart')).toEqual([`/usr/bin/${START}`]);
    expect(of('Environment')).toContain(`LEDGER_DATA_DIR=/var/lib/${of('StateDirectory').join()}`);
  });

  it('waits for a stop, and leaves the database to the ledger', () => {
    expect(Number(of('TimeoutStopSec')[0])).toBeGreaterThan(stop);
    expect(of('KillMode')).toEqual(['mixed']);
  });
});

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container extends Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe> {
  readonly env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  readonly ports: { name: string; containerPort: number }[];
  readonly lifecycle?: { preStop: { exec: { command: [string, string] } } };
  readonly volumeMounts: { name: string; mountPath: string }[];
}
interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Record<string, unknown>;
  readonly containers: [Container];
  readonly volumes: { name: string; secret?: { secretName: string; items: { key: string; path: string }[] } }[];
}
interface Labels {
  readonly matchLabels: Record<string, string>;
}
interface Resource {
  readonly kind: string;
  readonly spec: {
    readonly replicas: number;
    readonly selector: Labels;
    readonly minAvailable?: number;
    readonly ports: { targetPort: string }[];
    readonly template: { metadata: { labels: Record<string, string> }; spec: Pod };
    readonly volumeClaimTemplates?: { metadata: { name: string }; spec: { accessModes: string[] } }[];
  };
}

const EXAMPLES = [
  ['docs/deploy/kubernetes.yaml', ['Deployment', 'Service', 'PodDisruptionBudget']],
  ['docs/deploy/kubernetes-embedded.yaml', ['StatefulSet', 'Service']],
] as const;

describe.each(EXAMPLES)('%s', (file, kinds) => {
  let resources: Resource[];
  let [workload, service, budget] = [] as Resource[];
  let pod: Pod;
  let container: Container;
  beforeAll(async () => {
    resources = await documentsOf<Resource>(file);
    [workload, service, budget] = resources;
    pod = workload!.spec.template.spec;
    [container] = pod.containers;
  });
  const valueOf = (name: string) => container.env.find((one) => one.name === name)?.value;

  it('has the resources, which select its pods', () => {
    expect(resources.map(({ kind }) => kind)).toEqual(kinds);
    const { labels } = workload!.spec.template.metadata;
    const [ofPods, ofBudget] = [workload!.spec.selector.matchLabels, budget?.spec.selector.matchLabels ?? labels];
    expect([ofPods, ofBudget, service!.spec.selector]).toEqual([labels, labels, labels]);
    if (budget) expect(budget.spec.minAvailable).toBeLessThan(workload!.spec.replicas);
  });

  it('sets what the ledger reads, and names its port', () => {
    expect(container.env.map(({ name }) => name).filter((name) => !READ.includes(name))).toEqual([]);
    expect(container.ports).toEqual([{ name: 'http', containerPort: PORT }]);
    expect([valueOf('PORT'), valueOf('HOST')]).toEqual([String(PORT), '0.0.0.0']);
    expect(service!.spec.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
  });

  it('restarts on what lives, and routes on what is ready', () => {
    const [live, ready] = ['live', 'ready'].map((which) => ({ path: `/health/${which}`, port: 'http' }));
    const { startupProbe, livenessProbe, readinessProbe } = container;
    expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet)).toEqual([live, live, ready]);
  });

  it('waits for a stop, after the pause before it', () => {
    const pause = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
    expect(pod.terminationGracePeriodSeconds - pause).toBeGreaterThan(stop);
  });

  it('takes from the secret what its first lines put there', async () => {
    const made = [...(await textOf(file)).matchAll(/--from-literal=([\w-]+)=/g)].map(([, key]) => key);
    const secrets = pod.volumes.flatMap(({ secret }) => secret ?? []);
    const references = container.env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
    const keys = [...references.map(({ key }) => key), ...secrets.flatMap(({ items }) => items.map(({ key }) => key))];
    expect(keys.toSorted()).toEqual(made.toSorted());
    const names = [...references.map(({ name }) => name), ...secrets.map(({ secretName }) => secretName)];
    expect(new Set(names)).toEqual(new Set(['execution-ledger']));
    const { mountPath } = container.volumeMounts.find(({ name }) => name === 'keys')!;
    expect(valueOf('API_KEYS_FILE')).toBe(`${mountPath}/${secrets[0]!.items[0]!.path}`);
  });

  it('keeps an embedded database on a volume of one process alone', () => {
    const folder = valueOf('LEDGER_DATA_DIR');
    expect(folder !== undefined).toBe(workload!.kind === 'StatefulSet');
    if (folder === undefined) return expect(container.env.map(({ name }) => name)).toContain('DATABASE_URL');
    const [claim] = workload!.spec.volumeClaimTemplates!;
    expect(container.volumeMounts).toContainEqual({ name: claim!.metadata.name, mountPath: folder });
    expect([workload!.spec.replicas, claim!.spec.accessModes]).toEqual([1, ['ReadWriteOncePod']]);
    expect(pod.securityContext).toMatchObject({ fsGroupChangePolicy: 'OnRootMismatch' });
  });
});

const PROXIES = ['docs/deploy/nginx.conf', 'docs/deploy/Caddyfile'];

it.each(PROXIES)(
  '%s goes to the port of the unit, and closes its idle connections before the ledger does',
  async (file) => {
    const text = await textOf(file);
    const ports = [...text.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toEqual([PORT]);
    const [command] = /HOST=.*/.exec(text)!;
    expect(command.split(' ').map((one) => one.split('=')[0]!)).toEqual(['HOST', 'PORT', 'TRUST_PROXY', 'API_KEYS']);
    const [, idle] = /keepalive(?:_timeout)? (\d+)s/.exec(text)!;
    expect(Number(idle)).toBeLessThan(await secondsOf('KEEP_ALIVE_MS', 'src/composition/http-server.ts'));
  },
);
