import ChildProcessRunner from 'jest-light-runner/child-process';

/**
 * The runner, with an answer of its own for each process: the original answers all of them when the first one asks what to do,
 * and one that asks a moment later waits for ever (jest-light-runner 0.7.13 and 0.8.2, index.js, `channel`).
 */
export default class Runner extends ChildProcessRunner {
  _runTest(test) {
    const known = this._testRunners.get(test.context.config);
    if (!known || this._runtime !== 'child_process') return super._runTest(test);
    const workerData = { globalConfig: this._globalConfig, projectConfig: test.context.config, runtime: this._runtime };
    let answer;
    const channel = {
      onMessage: (listener) => (answer = listener),
      postMessage: () => answer({ type: 'jest-light-runner-worker-data', workerData }),
    };
    return known.pool.run(test.path, { channel });
  }
}
