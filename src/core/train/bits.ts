/**
 * What identifies the bits that this engine computes: runs with equal ids can be repeated bit for bit. A count, and the
 * hash of the bits that are pinned in tests/contract/bits.json, which `node scripts/pin-bits.mjs` keeps up. Whoever
 * changes a number that no pin sees (a shuffle, an augmentation, a default of an old recipe) raises the count by hand.
 */
export const engineBits = '3-a933fc4e';
