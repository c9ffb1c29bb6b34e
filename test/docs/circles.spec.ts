import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/process/checkout.js';

/** Where no circle may be: the program, and what its tests share. */
const FOLDERS = ['src', 'test/support'];

const SOURCES = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name)),
);

/** The files of these folders that a file imports, for their types alone as well. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(ROOT, file), 'utf8'));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.join(path.dirname(file), fileName).replace(/\.js$/, '.ts'))
    .map((target) => (existsSync(path.join(ROOT, target)) ? target : target.replace(/\.ts$/, '.tsx')))
    .filter((target) => FOLDERS.some((folder) => target.startsWith(`${folder}/`)));
}

type Graph = Map<string, Set<string>>;

/** Of each folder: which of its files and folders import which of its others. */
function graphsOf(files: readonly string[]): Map<string, Graph> {
  const graphs = new Map<string, Graph>();
  for (const file of files)
    for (const target of importsOf(file)) {
      const [from, to] = [file.split('/'), target.split('/')];
      const shared = from.findIndex((part, n) => part !== to[n]);
      if (shared < 0) continue; // a file that imports itself
      const folder = from.slice(0, shared).join('/');
      const graph = graphs.get(folder) ?? graphs.set(folder, new Map()).get(folder)!;
      const [one, other] = [from.slice(0, shared + 1).join('/'), to.slice(0, shared + 1).join('/')];
      (graph.get(one) ?? graph.set(one, new Set()).get(one)!).add(other);
    }
  return graphs;
}

/** The way from a place back to it; undefined where there is none. */
function circleOf(start: string, graph: Graph): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways)
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  return undefined;
}

it('in no folder of the program and of what its tests share do two of its files or folders lead back to each other', () => {
  const graphs = [...graphsOf(SOURCES).values()];
  expect(graphs.length).toBeGreaterThan(20);
  const circles = graphs.flatMap((graph) =>
    [...graph.keys()].flatMap((place) => circleOf(place, graph)?.join(' → ') ?? []),
  );
  expect(circles).toEqual([]);
});
