/* The first eight bytes of BLAKE2b (RFC 7693, without a key) of a few letters: what a word adds to the keys of forms. */
#ifndef BLAKE_H
#define BLAKE_H
#include "utf8.h"

#define DIGEST_BYTES 8
#define BLOCK 128
#define MOST_HASHED (BLOCK / 4) /* letters, of which none has more bytes than four */

static const u64 blake_begins[8] = {
    0x6A09E667F3BCC908ull, 0xBB67AE8584CAA73Bull, 0x3C6EF372FE94F82Bull, 0xA54FF53A5F1D36F1ull,
    0x510E527FADE682D1ull, 0x9B05688C2B3E6C1Full, 0x1F83D9ABFB41BD6Bull, 0x5BE0CD19137E2179ull,
};
static const u8 blake_order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static u64 turned(u64 number, u32 bits) { return number >> bits | number << (64 - bits); }

static void blake_mix(u64 *a, u64 *b, u64 *c, u64 *d, u64 x, u64 y) {
    *a += *b + x, *d = turned(*d ^ *a, 32), *c += *d, *b = turned(*b ^ *c, 24);
    *a += *b + y, *d = turned(*d ^ *a, 16), *c += *d, *b = turned(*b ^ *c, 63);
}

static u64 blake_of(const u32 *letters, u32 count) {
    union { u8 bytes[BLOCK]; u64 words[BLOCK / 8]; } block = {0};
    u64 v[16];
    u32 size = 0;
    if (count > MOST_HASHED) __builtin_trap();
    for (u32 n = 0; n < count; n++) size += utf8_of(letters[n], block.bytes + size);
    for (u32 n = 0; n < 8; n++) v[n] = v[n + 8] = blake_begins[n];
    const u64 first = v[0] ^= 0x01010000 ^ DIGEST_BYTES;
    v[12] ^= size;
    v[14] = ~v[14]; /* this block is the last one */
    for (u32 round = 0; round < 12; round++) {
        const u8 *order = blake_order[round % 10];
        for (u32 n = 0; n < 4; n++)
            blake_mix(v + n, v + 4 + n, v + 8 + n, v + 12 + n, block.words[order[2 * n]], block.words[order[2 * n + 1]]);
        for (u32 n = 0; n < 4; n++)
            blake_mix(v + n, v + 4 + (n + 1) % 4, v + 8 + (n + 2) % 4, v + 12 + (n + 3) % 4,
                      block.words[order[8 + 2 * n]], block.words[order[9 + 2 * n]]);
    }
    return first ^ v[0] ^ v[8];
}

#endif
