/** What a report holds until it is decided, beside its bytes. Estimates: plain text took up to 7 times its bytes, garbage included. */

/** Of each byte: its text, what is made of that, and what is stored of it, in bytes. */
export const BYTE_WEIGHT = 4;
/** Of each value, in bytes. */
export const VALUE_WEIGHT = 256;
/** Of many reports, how much is in memory as values and under way at once. */
export const WINDOW_WEIGHT = 8 * 1024 * 1024;
