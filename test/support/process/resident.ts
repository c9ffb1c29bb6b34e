import { readFileSync } from 'node:fs';
import type { Program } from './program.js';

function told(name: 'VmRSS' | 'VmHWM', { child }: Program): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]) * 1024;
}

/** How much memory a program has, in bytes. */
export const residentBytes = (program: Program): number => told('VmRSS', program);
/** The most that it ever had. */
export const mostResidentBytes = (program: Program): number => told('VmHWM', program);
